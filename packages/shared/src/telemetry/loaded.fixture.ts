import { registerHooks } from 'node:module';
import process from 'node:process';

// A process for the tests: starts tracing as its argument says, and prints what of OpenTelemetry was loaded.
const loaded = new Set<string>();
registerHooks({
  load(url, context, next) {
    const [, name] = /node_modules\/(@opentelemetry\/[\w-]+)/.exec(url) ?? [];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});
const { createLogger } = await import('../log.ts');
await import('../lifecycle.ts');
await import('../jobs/producer.ts');
await import('../jobs/worker.ts');
const { startTracing } = await import('./start-tracing.ts');
const [endpoint] = process.argv.slice(2);
const log = createLogger({ app: 'fixture', level: 'silent' });
const stop = await startTracing(
  endpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
  'fixture',
  log,
);
await stop();
process.stdout.write(JSON.stringify([...loaded]));
