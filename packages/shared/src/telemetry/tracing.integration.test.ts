import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { eventually } from '@actp/testing/eventually';
import { createOtlpReceiver, type OtlpReceiver } from '@actp/testing/otlp/receiver';
import { createLogger } from '../log.ts';
import { startTracing } from './start-tracing.ts';
import { activeTracer, recordSpan, span } from './tracer.ts';

const run = promisify(execFile);
const lines: string[] = [];
const log = createLogger({
  app: 'test',
  level: 'warn',
  destination: { write: (line) => void lines.push(line) },
});

let receiver: OtlpReceiver;
let stop: () => Promise<void>;
const start = async (settings: Parameters<typeof startTracing>[0] = {}) => {
  stop = await startTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...settings }, 'test-app', log);
};
beforeEach(async () => {
  receiver = await createOtlpReceiver();
  stop = () => Promise.resolve();
  lines.length = 0;
});
afterEach(async () => {
  await stop();
  useOwnSecrets([]);
  await receiver.close();
});

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;
const named = (name: string) => receiver.spans.find((received) => received.name === name);

describe('traces', () => {
  it('[OPS-003] arrive as a tree, with what failed and when', async () => {
    await start();
    await span('outer', { kind: 'server', root: true, attributes: { n: 1, left: undefined } }, async () => {
      await span('inner', { kind: 'client' }, () => Promise.resolve());
      await span('failing', {}, () => Promise.reject(new RangeError('what somebody sent'))).catch(
        () => undefined,
      );
    });
    await stop();
    const outer = named('outer');
    expect(outer).toMatchObject({ service: 'test-app', kind: 'server', parentSpanId: '', status: 'unset' });
    expect(outer?.attributes).toEqual({ n: 1 });
    expect(named('inner')).toMatchObject({
      kind: 'client',
      parentSpanId: outer?.spanId,
      traceId: outer?.traceId,
    });
    expect(named('failing')).toMatchObject({ status: 'error', statusMessage: 'RangeError' });
    expect(JSON.stringify(named('failing')?.attributes)).not.toContain('somebody');
    expect((outer?.end ?? -1n) >= (outer?.start ?? 0n)).toBe(true);
  });

  it('[OPS-003] leave out what nobody asked for', async () => {
    await start();
    await span('sweep', { kind: 'client' }, () => Promise.resolve());
    await stop();
    expect(receiver.spans).toEqual([]);
  });

  it('[OPS-003] go on from a W3C trace context, and hand it on', async () => {
    await start();
    const handed = span(
      'of a caller',
      { parent: { traceparent, tracestate: 'a=b' }, root: true },
      ({ carrier }) => carrier(),
    );
    recordSpan('afterwards', {
      parent: { traceparent },
      start: new Date('2026-11-26T08:00:00.000Z'),
      end: new Date('2026-11-26T08:00:02.500Z'),
      attributes: {},
    });
    await stop();
    expect(named('of a caller')).toMatchObject({ traceId, parentSpanId: spanId });
    expect(handed?.traceparent).toBe(`00-${traceId}-${named('of a caller')?.spanId}-01`);
    expect(handed?.tracestate).toBe('a=b');
    const afterwards = named('afterwards');
    expect(afterwards).toMatchObject({ traceId, parentSpanId: spanId });
    expect((afterwards?.end ?? 0n) - (afterwards?.start ?? 0n)).toBe(2_500_000_000n);
  });

  it.each([
    '',
    'garbage',
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01\u0000`,
    'x'.repeat(300),
  ])('[OPS-003] begin anew where the context is none: %j', async (garbage) => {
    await start();
    await span('anew', { parent: { traceparent: garbage }, root: true }, () => Promise.resolve());
    recordSpan('never', {
      parent: { traceparent: garbage },
      start: new Date(),
      end: new Date(),
      attributes: {},
    });
    await stop();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['anew']);
    expect(named('anew')?.parentSpanId).toBe('');
    expect(named('anew')?.traceId).not.toBe(traceId);
  });

  it('[SEC-017] hold no secret, in no attribute, name or reason', async () => {
    const own = 'own-secret-of-this-test-0123456789';
    useOwnSecrets([own]);
    await start();
    const url = 'postgres://app:hunter2-hunter2@db:5432/main';
    await span(
      `call ${own}`,
      { root: true, attributes: { url, password: 'abc' } },
      ({ set, fail, rename }) => {
        set({ note: `key ${own}` });
        rename(`call of ${own}`);
        fail(`failed with ${own}`);
        return Promise.resolve();
      },
    );
    await stop();
    const text = JSON.stringify(receiver.spans, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(receiver.spans).toHaveLength(1);
    for (const secret of [own, 'hunter2-hunter2', '"abc"']) expect(text).not.toContain(secret);
  });

  it("[OPS-003] are sampled at the head, a caller's decision included", async () => {
    await start({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: 0 });
    await span('unsampled', { root: true }, () => span('below', {}, () => Promise.resolve()));
    await span('sampled by the caller', { root: true, parent: { traceparent } }, () => Promise.resolve());
    await stop();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['sampled by the caller']);
  });
});

describe('a receiver that fails', () => {
  it('[OPS-003] does not keep a stop from ending, and costs no more memory than one queue', async () => {
    receiver.fault = 'hang';
    await start();
    for (let n = 0; n < 20_000; n += 1) span('work', { root: true, attributes: { n } }, () => undefined);
    await eventually(() => receiver.open() > 0);
    await stop();
    // It was not waited for: nothing has been answered.
    expect(receiver.open()).toBeGreaterThan(0);
    expect(activeTracer()).toBeUndefined();
    // What it would have got at most: the queue, in batches.
    expect(receiver.requests.length).toBeLessThanOrEqual(6);
  });

  it('[OPS-003] is reported in the log, and work goes on', async () => {
    receiver.fault = 'refuse';
    await start();
    const result = await span('work', { root: true }, () => Promise.resolve('done'));
    await stop();
    expect(result).toBe('done');
    await receiver.close();
    await start();
    await span('work', { root: true }, () => Promise.resolve());
    await stop();
    await eventually(() => lines.some((line) => line.includes('traces cannot be sent')));
  });
});

describe('OpenTelemetry', () => {
  const fixture = join(import.meta.dirname, 'loaded.fixture.ts');

  it('[OPS-003] is not even loaded without an endpoint', async () => {
    const { stdout } = await run(process.execPath, [fixture]);
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it('[OPS-003] is loaded with one', async () => {
    const { stdout } = await run(process.execPath, [fixture, receiver.url]);
    expect(JSON.parse(stdout)).toContain('@opentelemetry/sdk-trace');
  });
});
