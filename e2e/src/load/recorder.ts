import { build, type Histogram } from 'hdr-histogram-js';

/** Latencies in milliseconds; errors by what was answered. */
export interface RouteFigures {
  route: string;
  requests: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
  errors: Record<string, number>;
}

export interface Recorder {
  /** @param ms from the intended time to the end of the answer @param error what came instead of the expected answer */
  record(route: string, ms: number, error?: string): void;
  figures(): RouteFigures[];
  errors(): number;
}

const microseconds = 1_000;
const longestUs = 600_000_000;

/** Counts answers by route. */
export function createRecorder(): Recorder {
  const routes = new Map<string, { histogram: Histogram; errors: Record<string, number> }>();
  return {
    record(route, ms, error) {
      let entry = routes.get(route);
      if (entry === undefined) {
        const histogram = build({
          lowestDiscernibleValue: 1,
          highestTrackableValue: longestUs,
          numberOfSignificantValueDigits: 3,
        });
        entry = { histogram, errors: {} };
        routes.set(route, entry);
      }
      entry.histogram.recordValue(Math.min(longestUs, Math.max(1, Math.round(ms * microseconds))));
      if (error !== undefined) entry.errors[error] = (entry.errors[error] ?? 0) + 1;
    },
    figures: () =>
      [...routes]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([route, { histogram, errors }]) => {
          const at = (share: number) => histogram.getValueAtPercentile(share) / microseconds;
          return {
            route,
            requests: histogram.totalCount,
            p50: at(50),
            p90: at(90),
            p99: at(99),
            p999: at(99.9),
            max: histogram.maxValue / microseconds,
            errors,
          };
        }),
    errors: () =>
      [...routes.values()].reduce(
        (sum, { errors }) => sum + Object.values(errors).reduce((of, count) => of + count, 0),
        0,
      ),
  };
}
