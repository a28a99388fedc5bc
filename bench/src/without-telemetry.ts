import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/*
 * Loaded before a program (`node --import`), it takes the calls of tracing out of the source that is run: what the same release would be like
 * without them. It throws where it does not find them, so that nothing is compared with itself.
 */
const changes: ReadonlyArray<{ file: string; from: string; to: string }> = [
  {
    file: 'apps/gateway/src/http/request-context.ts',
    from: 'await traceRequest(c, next)',
    to: 'await next()',
  },
  { file: 'packages/db/src/client.ts', from: 'fetch: tracedFetch', to: 'fetch' },
  {
    file: 'packages/shared/src/jobs/producer.ts',
    from: 'return span(`add ${name}`, spanOptions, ({ carrier }) =>',
    to: 'return ((run, carrier) => run())(() =>',
  },
  { file: 'packages/shared/src/jobs/producer.ts', from: '...traceOptions(carrier())', to: '...{}' },
  {
    file: 'packages/shared/src/jobs/producer.ts',
    from: "const spanOptions = { kind: 'producer', attributes: jobAttributes(spec.queue, name) } as const;",
    to: '',
  },
  {
    file: 'packages/shared/src/jobs/worker.ts',
    from: 'traced(job, () => attempt(job, token))',
    to: 'attempt(job, token)',
  },
  {
    file: 'packages/services/src/approvals/apply-result.ts',
    from: 'recordDecisionTime({ result, approval, traceparent });',
    to: '',
  },
];

registerHooks({
  load(url, context, next) {
    const own = changes.filter(({ file }) => url.endsWith(`/${file}`));
    if (own.length === 0) return next(url, context);
    let source = readFileSync(fileURLToPath(url), 'utf8');
    for (const { file, from, to } of own) {
      if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
      source = source.replace(from, () => to);
    }
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
