import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

let counted = 0;
const key = () => `key-${(counted += 1)}`;
const enqueue = (of = key(), body = 'body') =>
  call<string>('enqueue_notification($1, $2, $3)', of, 'kind', body);
const revise = (of: string, body: string) =>
  call<{ id: string; revision: number; changed: boolean }>(
    'revise_notification($1, $2, $3)',
    of,
    'kind',
    body,
  );
const finish = (id: string, state = 'sent', message: number | null = null, revision = 0) =>
  call<boolean>('finish_notification($1, $2, $3, $4)', id, state, message, revision);
const fail = (id: string, error = 'no') => call<boolean>('note_notification_failure($1, $2)', id, error);
const rowOf = async (id: string) => {
  const { rows } = await sql.query<Record<string, unknown>>(
    `select state, message_id::int as message, attempts, last_error as error, body, revision, sent_revision as sent,
       sent_at is not null as was_sent from actp_notifications where id = $1`,
    [id],
  );
  return rows[0];
};
const age = (id: string, minutes: number) =>
  sql.query(
    'update actp_notifications set created_at = created_at - make_interval(mins => $2) where id = $1',
    [id, minutes],
  );
const waiting = async (limit = 100) => {
  const { rows } = await sql.query<{ id: string }>('select id from waiting_notifications($1)', [limit]);
  return rows.map(({ id }) => id);
};
const due = async (seconds: number, limit = 100) => {
  const { rows } = await sql.query<{ id: string }>('select due_notifications($1, $2) as id', [
    seconds,
    limit,
  ]);
  return rows.map(({ id }) => id);
};

beforeEach(() => sql.query('truncate actp_notifications'));

describe('a message', () => {
  it('is there once for its key', async () => {
    const one = key();
    const id = await enqueue(one);
    expect(await enqueue(one, 'another text')).toBe(id);
    expect(await enqueue()).not.toBe(id);
    expect(await rowOf(id)).toMatchObject({ state: 'pending', body: 'body', attempts: 0, was_sent: false });
  });

  it('is sent or logged once, and tried until then', async () => {
    const [id, other] = [await enqueue(), await enqueue()];
    expect([await fail(id), await fail(id)]).toEqual([true, true]);
    expect(await rowOf(id)).toMatchObject({ state: 'pending', attempts: 2, error: 'no' });
    expect([await finish(id, 'sent', 7), await finish(id, 'logged')]).toEqual([true, false]);
    expect(await fail(id)).toBe(false);
    expect(await rowOf(id)).toMatchObject({
      state: 'sent',
      message: 7,
      attempts: 3,
      error: null,
      was_sent: true,
    });
    expect(await rowOf(other)).toMatchObject({ state: 'pending', attempts: 0 });
    await expect(finish(other, 'pending')).rejects.toThrow('sent or logged');
    expect(await finish(other, 'logged')).toBe(true);
  });

  it('may change, and is due again with the new text alone', async () => {
    const one = key();
    const { id, ...made } = await revise(one, 'first');
    expect(made).toEqual({ revision: 0, changed: true });
    expect(await revise(one, 'first')).toEqual({ id, revision: 0, changed: false });
    await finish(id, 'sent', 7);
    expect(await revise(one, 'second')).toEqual({ id, revision: 1, changed: true });
    const other = await enqueue();
    await finish(other);
    expect([await waiting(), await due(0)]).toEqual([[id], [id]]);
    expect(await fail(id)).toBe(true);
    expect(await finish(id, 'sent', null, 1)).toBe(true);
    expect(await rowOf(id)).toMatchObject({ body: 'second', sent: 1, message: 7 });
    expect([await finish(id, 'sent', null, 1), await waiting()]).toEqual([false, []]);
  });

  it('is cut to what its row can hold', async () => {
    const long = 'x'.repeat(16_384);
    for (const [length, kept] of [
      [16_383, 16_383],
      [16_384, 16_384],
      [16_385, 16_384],
    ] as const) {
      const text = (long + long).slice(0, length);
      const enqueued = await rowOf(await enqueue(key(), text));
      const revised = await rowOf((await revise(key(), text)).id);
      expect([String(enqueued?.['body']).length, String(revised?.['body']).length]).toEqual([kept, kept]);
    }
  });

  it('keeps the first thousand characters of what was answered', async () => {
    const id = await enqueue();
    await fail(id, 'a'.repeat(1_000) + 'b');
    expect(await rowOf(id)).toMatchObject({ error: 'a'.repeat(1_000) });
  });

  it('comes in pages of 500 at most', async () => {
    await sql.query(
      `insert into actp_notifications (dedupe_key, kind, body) select 'many-' || n, 'kind', 'text' from generate_series(1, 501) n`,
    );
    expect([(await waiting(1_000)).length, (await due(0, 1_000)).length]).toEqual([500, 500]);
    expect([(await waiting(499)).length, (await due(0, 499)).length]).toEqual([499, 499]);
  });

  it('waits with others, the oldest first, and is due after a time', async () => {
    const [young, old, older] = [await enqueue(), await enqueue(), await enqueue()];
    await age(old, 10);
    await age(older, 20);
    expect([await waiting(), await waiting(2)]).toEqual([
      [older, old, young],
      [older, old],
    ]);
    expect([await due(0), await due(0, 1), await due(300), await due(900), await due(3_600)]).toEqual([
      [older, old, young],
      [older],
      [older, old],
      [older],
      [],
    ]);
    // One message has told them all.
    await sql.query('select finish_notifications($1, 9, 0, $2, $3)', [older, [old, young], [0, 0]]);
    expect(await rowOf(older)).toMatchObject({ state: 'sent', message: 9 });
    for (const id of [old, young]) expect(await rowOf(id)).toMatchObject({ state: 'logged', message: null });
    expect(await waiting()).toEqual([]);
  });
});
