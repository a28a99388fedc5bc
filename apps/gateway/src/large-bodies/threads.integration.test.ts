import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { redactEvent } from '@actp/shared/audit/redact-event';
import { log } from '../gateway.fixture.ts';
import { createThreads } from './threads.ts';

const origin = { ip_address: '127.0.0.1', user_agent: 'test', request_id: 'request' };
// Built from parts so that no scanner takes this file for a leak.
const secret = ['ghp', '_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5'].join('');
const bytesOf = (body: unknown): ArrayBuffer => {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
const event = {
  event_id: randomUUID(),
  agent_id: 'a',
  action_type: 'b',
  status: 'ok',
  error: `token ${secret}`,
};
const row = { ...event, source: 'plane' as const };

describe('threads', () => {
  const threads = createThreads({ count: 1, log });
  atEnd(() => threads.stop());

  it('redact as this thread does, with the same fingerprints', async () => {
    const read = await threads.run('readBatch', { bytes: bytesOf({ events: [event] }), origin });
    if ('refused' in read) throw new Error('refused');
    expect(read.json).not.toContain(secret);
    expect(JSON.parse(read.json)).toEqual([redactEvent({ ...event, ...origin, source: 'http' })]);
    expect(await threads.run('redactRows', { rows: [row] })).toEqual([redactEvent(row)]);
  });

  it('refuse with code and fields', async () => {
    const bad = { events: [event, { ...event, status: '' }] };
    expect(await threads.run('readBatch', { bytes: bytesOf(bad), origin })).toMatchObject({
      refused: { code: 'validation_failed', fields: [{ field: 'events.1.status' }] },
    });
    expect(await threads.run('checkJson', { bytes: bytesOf({}) })).toBeUndefined();
    const twice = new TextEncoder().encode('{"a":1,"a":2}').slice().buffer;
    expect(await threads.run('checkJson', { bytes: twice })).toMatchObject({
      refused: { fields: [{ field: 'a' }] },
    });
  });
});

describe('a thread that ends', () => {
  it('fails what it was at, closed, and nothing else', async () => {
    const small = createThreads({ count: 1, log, megabytes: 48 });
    atEnd(() => small.stop());
    expect(await small.run('redactRows', { rows: [row] })).toEqual([redactEvent(row)]);
    const error = 'curl -u a:'.repeat(1_000_000);
    await expect(small.run('redactRows', { rows: [{ ...row, error }] })).rejects.toMatchObject({
      code: 'unavailable',
      retryAfter: 2,
    });
    expect(await small.run('redactRows', { rows: [row] })).toEqual([redactEvent(row)]);
  });

  it('when they are stopped fails as well, and nothing runs afterwards', async () => {
    const threads = createThreads({ count: 1, log });
    const rows = Array.from({ length: 20 }, () => ({ ...row, error: 'curl -u a:'.repeat(6_000) }));
    const running = threads.run('redactRows', { rows });
    const [failed] = await Promise.allSettled([running, threads.stop()]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    await expect(threads.run('redactRows', { rows: [] })).rejects.toMatchObject({ code: 'unavailable' });
  });
});
