import { unrefTimer } from '@actp/shared/repeat-limit';

export interface RoutineSummary {
  /** Counts a log event that is about a request or a job that was done; false for any other. */
  take(event: Record<string, unknown>): boolean;
  /** Says at once what was counted. */
  flush(): void;
}

export interface RoutineSummaryOptions {
  say: (text: string) => void;
  /** Calls back after that time; a timer that keeps no process alive. */
  later?: (work: () => void, ms: number) => void;
}

const everyMs = 60_000;
// Asked by monitors without an end; nobody has done anything.
const probes = new Set(['/healthz', '/readyz', '/metrics']);

const noCounts = () => ({ answered: 0, refused: 0, failed: 0, jobs: 0 });

/** One line a minute in the place of one for each request, so that what the plane says itself stays on the screen. */
export function createRoutineSummary({ say, later = unrefTimer }: RoutineSummaryOptions): RoutineSummary {
  let counts = noCounts();
  let armed = false;

  function flush(): void {
    const { answered, refused, failed, jobs } = counts;
    counts = noCounts();
    armed = false;
    const sum = answered + refused + failed;
    // Jobs alone are the plane's own business.
    if (sum === 0) return;
    say(
      `${sum} ${sum === 1 ? 'request' : 'requests'} within a minute: ${refused} refused (4xx), ${failed} failed (5xx); ${jobs} ${jobs === 1 ? 'job' : 'jobs'} done`,
    );
  }

  return {
    take({ msg, status, route, level, outcome }) {
      if (level === 'info' && msg === 'job' && outcome === 'completed') {
        counts.jobs += 1;
        return true;
      }
      // Every batch of the audit log.
      if (level === 'info' && msg === 'audit events') return true;
      if (msg !== 'request' || typeof status !== 'number') return false;
      // What failed is said at once, too.
      const shown = level === 'error';
      if (!shown && probes.has(String(route))) return true;
      counts[status >= 500 ? 'failed' : status >= 400 ? 'refused' : 'answered'] += 1;
      if (!armed) later(flush, everyMs);
      armed = true;
      return !shown;
    },
    flush,
  };
}
