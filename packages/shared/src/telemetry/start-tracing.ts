import type { ConfigOf } from '../config.ts';
import type { Logger } from '../log.ts';
import { settings } from '../settings.ts';
import { useTracer } from './tracer.ts';

/** What decides about traces, in every app. */
export const tracingShape = {
  OTEL_EXPORTER_OTLP_ENDPOINT: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
  OTEL_EXPORTER_OTLP_HEADERS: settings.OTEL_EXPORTER_OTLP_HEADERS,
  OTEL_TRACES_SAMPLER: settings.OTEL_TRACES_SAMPLER,
  OTEL_TRACES_SAMPLER_ARG: settings.OTEL_TRACES_SAMPLER_ARG,
};

/**
 * Sends this process' spans to OTEL_EXPORTER_OTLP_ENDPOINT. Without it nothing of OpenTelemetry is even loaded.
 *
 * @returns to be awaited when the process stops: sends what is left, within a second
 */
export async function startTracing(
  env: Partial<ConfigOf<typeof tracingShape>>,
  service: string,
  log: Logger,
): Promise<() => Promise<void>> {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return () => Promise.resolve();
  const [{ createOtelTracer }, { reportExportFailures }] = await Promise.all([
    import('./otel-tracer.ts'),
    import('./export-failures.ts'),
  ]);
  reportExportFailures(log);
  const tracer = createOtelTracer({
    service,
    endpoint,
    sampler: env.OTEL_TRACES_SAMPLER ?? 'parentbased_always_on',
    ratio: env.OTEL_TRACES_SAMPLER_ARG ?? 1,
  });
  useTracer(tracer);
  return async () => {
    useTracer(undefined);
    await tracer.stop();
  };
}
