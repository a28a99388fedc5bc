import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { auditHandlers } from '../audit/audit.fixture.ts';
import { json, openGateway, openWorker, operatorToken, secret } from '../gateway.fixture.ts';
import { largeBytes } from './sizes.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const token = await operatorToken(gateway);
openWorker(stores, 'audit', auditHandlers(createDb(stores.env, 'auditor', 20_000)));

// Built from parts so that no scanner takes this file for a leak.
const leak = ['ghp', '_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5'].join('');
const event = (more: object = {}) => ({ agent_id: 'a', action_type: 'test', status: 'ok', ...more });
// Five of them are more than a small body may be.
const padded = (more: object = {}) => event({ error: 'x'.repeat(60_000), ...more });
const largeBatch = (...more: object[]) => ({
  events: [...Array.from({ length: 5 }, () => padded()), ...more],
});
const send = (body: unknown) => gateway.fetch('/v1/audit/events', json(body));
const raw = (body: string | Uint8Array<ArrayBuffer>) =>
  gateway.fetch('/v1/audit/events', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
const rowOf = (eventId: string) =>
  eventually(async () => {
    const { rows } = await stores.sql.query<Record<string, unknown>>(
      'select error, result, ip_address, user_agent, request_id from actp_agent_audit_log where event_id = $1',
      [eventId],
    );
    return rows[0] ?? false;
  });

describe('a large batch of events', () => {
  it('is taken, redacted and stored as a small one', async () => {
    const [small, large] = [randomUUID(), randomUUID()];
    const told = { error: `token ${leak}`, result: { list: [1, 'two', null] } };
    expect((await send(event({ event_id: small, ...told }))).status).toBe(202);
    const answer = await send(largeBatch(event({ event_id: large, ...told })));
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ accepted: 6 });
    const [one, other] = [await rowOf(small), await rowOf(large)];
    expect(other).toEqual({ ...one, request_id: answer.headers.get('x-request-id') });
    expect(JSON.stringify(other)).not.toContain(leak);
    expect(other['error']).toContain('[redacted:');
  });

  it('is taken whole or not at all, with the same words', async () => {
    const bad = event({ status: '' });
    const small = await send({ events: [event(), bad] });
    const large = await send(largeBatch(bad));
    expect([small.status, large.status]).toEqual([400, 400]);
    const words = async (answer: Response) => {
      const {
        request_id: _,
        errors,
        ...rest
      } = (await answer.json()) as { request_id: string; errors: object[] };
      return { ...rest, errors };
    };
    const expected = await words(small);
    expect(await words(large)).toEqual({
      ...expected,
      errors: [{ field: 'events.5.status', message: 'must be 1 to 64 characters' }],
    });
  });

  const pad = `"${'x'.repeat(largeBytes)}"`;
  it.each<[what: string, body: string | Uint8Array<ArrayBuffer>, field: string]>([
    ['a key twice', `{"events":[{"agent_id":"a","agent_id":"b","error":${pad}}]}`, 'events.0.agent_id'],
    ['a number that no double holds', `{"events":[{"result":[1e400,${pad}]}]}`, 'events.0.result'],
    ['half of it', `{"events":[${pad}`, 'body'],
    ['a list', `[${pad}]`, 'body'],
    ['text', pad, 'body'],
    ['an unknown key', `{"events":[],"more":${pad}}`, 'events'],
    ['bytes that are no text', new Uint8Array(largeBytes + 1).fill(0xff), 'body'],
    ['a bomb of brackets', '['.repeat(largeBytes + 1), 'body'],
  ])('is refused when it is %s', async (_what, body, field) => {
    const answer = await raw(body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: object[] }).errors[0]).toMatchObject({ field });
  });

  it('is refused beyond 4 MiB, and taken in pieces of unknown length below', async () => {
    expect((await raw(' '.repeat(4_194_305))).status).toBe(413);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
      const sending = request(`${gateway.url}/v1/audit/events`, { method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sending.once('error', reject);
      const text = JSON.stringify(largeBatch());
      for (let at = 0; at < text.length; at += 50_000) sending.write(text.slice(at, at + 50_000));
      sending.end();
    });
    expect(status).toBe(202);
  });
});

describe('a large body of another route', () => {
  it('has one meaning as well, and is otherwise read as a small one', async () => {
    const details = { list: Array.from({ length: 4_000 }, () => 'x'.repeat(60)) };
    const body = JSON.stringify({ action: 'a.b', details });
    const post = (text: string) =>
      gateway.fetch('/v1/guard', {
        method: 'POST',
        body: text,
        headers: { 'content-type': 'application/json' },
      });
    const within = await post(body);
    expect(within.status).toBe(200);
    const twice = await post(body.replace('"action"', '"action":"x","action"') + ' '.repeat(largeBytes));
    expect(twice.status).toBe(400);
    expect(await twice.json()).toMatchObject({ errors: [{ field: 'action' }] });
    expect((await post(body + ' '.repeat(largeBytes))).status).toBe(200);
  });
});

describe('a flood of large batches', () => {
  const unit = 'curl -u a:';
  const flood = JSON.stringify({
    events: Array.from({ length: 63 }, () => event({ error: unit.repeat(6_500) })),
  });

  it('holds up neither the health check nor a decision nor a kill switch', async () => {
    const answered: string[] = [];
    const batches = Array.from({ length: 5 }, async () => {
      const answer = await raw(flood);
      answered.push('batch');
      expect([202, 429, 503]).toContain(answer.status);
      if (answer.status !== 202) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });
    const others = async () => {
      for (let round = 0; round < 3; round += 1) {
        expect((await gateway.fetch('/healthz')).status).toBe(200);
        expect((await gateway.fetch('/v1/guard', json({ action: 'a.b', details: {} }))).status).toBe(200);
        const stop = json({ scope: 'agent:nobody', reason: 'test' }, { authorization: `Bearer ${token}` });
        expect((await gateway.fetch('/v1/kill-switch', stop)).ok).toBe(true);
      }
      answered.push('others');
    };
    await Promise.all([...batches, others()]);
    // Each batch costs a second of work: one may be done when all of the others have been answered, two where little else runs.
    expect(answered.indexOf('others')).toBeLessThanOrEqual(2);
  });
});
