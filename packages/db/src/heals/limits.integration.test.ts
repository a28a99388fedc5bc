import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { healCalls } from './heals.fixture.ts';

const { sql } = await openDatabase();
const heals = healCalls(sql);
const none = { max_attempts_per_day: 0, same_failure_hours: 0, breaker_failures: 0 };
const [hour, day] = [3_600, 86_400];

interface Past {
  state?: 'healed' | 'not_healed' | 'skipped';
  suite?: string;
  fingerprint?: string;
  /** Seconds ago; null: the coding agent was never asked. */
  attempted?: number | null;
  facts?: object;
}
async function past({
  state = 'not_healed',
  suite = 'unit',
  fingerprint = 'other',
  attempted = 0,
  facts = {},
}: Past) {
  await sql.query(
    `insert into actp_heals (run_id, suite, request, asked_by, place, fingerprint, step, state, reason, finished_at, attempted_at, facts)
     values (gen_random_uuid(), $1, 'plane', 'plane', 1, $2, 'report', $3, 'because', now(),
       clock_timestamp() - make_interval(secs => $4), $5)`,
    [suite, fingerprint, state, attempted, facts],
  );
}
interface Answer {
  result?: string;
  reason?: string;
  state?: string;
}
async function call(text: string, ...values: unknown[]): Promise<Answer> {
  const { rows } = await sql.query<{ answer: Answer }>(`select ${text} as answer`, values);
  return rows[0]?.answer ?? {};
}
let id = '';
beforeEach(async () => {
  id = await heals.open();
  await sql.query('truncate actp_notifications');
});
const claim = (limits: Partial<typeof none>, holder = 'worker-1') =>
  call('claim_heal($1, $2, $3)', id, holder, { ...none, ...limits });
const claimed = { result: 'claimed' };

describe('the attempts of a day', () => {
  it.each<[what: string, others: Past[], result: string]>([
    ['as many as may be', [{ attempted: day - 60 }, {}], 'limited'],
    ['one less', [{}], 'claimed'],
    ['one of them a day ago', [{ attempted: day }, {}], 'claimed'],
    ['one of another suite', [{ suite: 'other' }, {}], 'claimed'],
    ['one that never began', [{ attempted: null }, {}], 'claimed'],
    ['of which one has healed', [{ state: 'healed' }, {}], 'limited'],
  ])('are counted: %s', async (_what, others, result) => {
    for (const other of others) await past(other);
    const answer = await claim({ max_attempts_per_day: 2 });
    expect(answer.result).toBe(result);
    if (result === 'limited') expect(answer.reason).toMatch(/^2 attempts .*max_attempts_per_day: 2/);
    expect((await heals.read(id)).holds_acd).toBe(result === 'claimed');
  });

  it('are not counted without a limit, and one that goes on is not counted against itself', async () => {
    for (let n = 0; n < 5; n += 1) await past({});
    expect(await claim({})).toMatchObject(claimed);
    await heals.perform.prepare(id);
    await heals.perform.send(id);
    expect(await claim({ max_attempts_per_day: 1, same_failure_hours: 1 })).toMatchObject(claimed);
  });
});

describe('the same failure', () => {
  const limit = { same_failure_hours: 2 };
  it.each<[what: string, other: Past, result: string]>([
    ['within the hours', { attempted: 2 * hour - 60 }, 'limited'],
    ['after them', { attempted: 2 * hour }, 'claimed'],
    ['of another suite', { suite: 'other' }, 'claimed'],
    ['that is another', { fingerprint: 'g' }, 'claimed'],
    ['that nobody was asked about', { attempted: null }, 'claimed'],
  ])('is not tried again: %s', async (_what, other, result) => {
    await past({ fingerprint: 'f', ...other });
    expect((await claim(limit)).result).toBe(result);
  });

  it('is tried again when a person asks', async () => {
    await past({ fingerprint: 'f' });
    await sql.query(`update actp_heals set asked_by = 'http' where id = $1`, [id]);
    expect(await claim(limit)).toMatchObject(claimed);
  });
});

describe('the breaker', () => {
  const limit = { breaker_failures: 2 };
  it.each<[what: string, other: Past, result: string]>([
    ['two within a week', { attempted: 7 * day - 60 }, 'limited'],
    ['of any suite', { suite: 'other' }, 'limited'],
    ['one of them a week ago', { attempted: 7 * day }, 'claimed'],
    ['one that healed', { state: 'healed' }, 'claimed'],
    ['one that says nothing about the agent', { facts: { uncounted: true } }, 'claimed'],
  ])('opens after failures: %s', async (_what, other, result) => {
    await past({});
    await past(other);
    const answer = await claim(limit);
    expect(answer.result).toBe(result);
    if (result === 'limited') expect(answer.reason).toContain('the breaker is open: 2 heals failed');
  });

  const told = async () =>
    (await sql.query(`select from actp_notifications where kind = 'heal.breaker'`)).rows.length;

  it('opens with the first failure where one is enough', async () => {
    await heals.perform.claim(id);
    await heals.perform.prepare(id);
    await heals.perform.send(id);
    await call(`finish_heal($1, 'worker-1', 'not_healed', 'because', '{}', $2)`, id, {
      ...none,
      breaker_failures: 1,
    });
    expect(await told()).toBe(1);
  });
  const fail = (facts: object = {}) =>
    call(`finish_heal($1, 'worker-1', 'not_healed', 'because', $2, $3)`, id, facts, { ...none, ...limit });

  it.each<[what: string, others: number, sent: boolean, facts: object, messages: number]>([
    ['when it opens', 1, true, {}, 1],
    ['not before', 0, true, {}, 0],
    ['not again', 2, true, {}, 0],
    ['not for one that was never sent', 2, false, {}, 0],
    ['not for one that does not count', 2, true, { uncounted: true }, 0],
  ])('is told of %s', async (_what, others, sent, facts, messages) => {
    for (let n = 0; n < others; n += 1) await past({});
    await heals.perform.claim(id);
    await heals.perform.prepare(id);
    if (sent) await heals.perform.send(id);
    await fail(facts);
    expect(await told()).toBe(messages);
    // What has ended stays as it is.
    expect(await call(`finish_heal($1, 'worker-1', 'skipped', 'x', '{}', '{}')`, id)).toMatchObject({
      state: 'not_healed',
    });
    expect(await told()).toBe(messages);
  });
});

it.each([{ max_attempts_per_day: 1 }, { same_failure_hours: 1 }, { breaker_failures: 1 }])(
  'a limit of one is one: %j',
  async (limit) => {
    expect(await claim(limit)).toMatchObject(claimed);
    id = await heals.open();
    await past({ fingerprint: 'f' });
    expect((await claim(limit)).result).toBe('limited');
  },
);

describe('a heal', () => {
  it.each(['agent:self-heal', 'all'])(
    'is neither claimed nor sent while it is stopped: %s',
    async (scope) => {
      const stop = () =>
        sql.query(
          `insert into actp_kill_switches (scope, reason, set_by) values ($1, 'r', 'operator:a@b.c')`,
          [scope],
        );
      const lift = () => sql.query('delete from actp_kill_switches');
      await stop();
      expect(await claim({})).toEqual({ result: 'blocked', reason: 'a kill switch is on' });
      await lift();
      expect(await claim({})).toMatchObject(claimed);
      await heals.perform.prepare(id);
      await stop();
      expect(await call(`intend_heal_start($1, 'worker-1', null)`, id)).toMatchObject({ result: 'blocked' });
      expect((await heals.read(id)).sent_at).toBe(null);
      await lift();
      expect(await call(`intend_heal_start($1, 'worker-1', null)`, id)).toMatchObject({ result: 'intended' });
      expect(await call(`intend_heal_start($1, 'worker-1', null)`, id)).toMatchObject({ result: 'known' });
    },
  );

  it('is of the worker that holds it, as long as that does', async () => {
    const refused = 'another worker has taken over this heal';
    await expect(claim({}, 'worker-2')).rejects.toThrow(refused);
    await sql.query(`update actp_leases set expires_at = clock_timestamp()`);
    await expect(claim({})).rejects.toThrow(refused);
    expect((await heals.read(id)).state).toBe('queued');
  });

  it('is under way alone', async () => {
    await claim({});
    const run = '00000000-0000-4000-8000-000000000001';
    await sql.query(`select acquire_lease($1, 'worker-1', 3600)`, [`heal:${run}`]);
    const { rows } = await sql.query<{ heals: Array<{ id: string }> }>(
      `select open_heals($1, 'worker-1', 'plane', 'plane', '[{"suite": "other", "fingerprint": "g"}]', 'nothing') as heals`,
      [run],
    );
    id = rows[0]?.heals[0]?.id ?? '';
    expect(await claim({})).toEqual({ result: 'busy', reason: 'another heal is under way' });
  });

  it.each([null, 'running', 'queued', 'failed'])('does not end as %s', async (state) => {
    await expect(call(`finish_heal($1, 'worker-1', $2, 'x', '{}', '{}')`, id, state)).rejects.toThrow(
      'a heal ends as healed, not_healed or skipped',
    );
  });
});
