import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';

const { sql } = await openDatabase();

interface Listed {
  id: number;
  request_id: string;
  created_at: string;
  result_text: string | null;
}
async function list(filter: object = {}, before?: Listed, limit = 100): Promise<Listed[]> {
  const { rows } = await sql.query<{ e: Listed }>('select list_audit_events($1, $2, $3, $4) as e', [
    filter,
    before?.created_at ?? null,
    before?.id ?? null,
    limit,
  ]);
  return rows.map(({ e }) => e);
}
const names = async (...of: Parameters<typeof list>) =>
  (await list(...of)).map(({ request_id }) => request_id);

const user = async (created: string) => {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash, created_at) values ($1, 'x', $2) returning id`,
    [`${randomUUID()}@example.com`, created],
  );
  return rows[0]?.id ?? '';
};
const task = async (of: string) => {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_tasks (user_id, prompt, max_spend_minor) values ($1, 'p', 0) returning id`,
    [of],
  );
  return rows[0]?.id ?? '';
};
const day = 86_400_000;
// Noon, so that no minute more or less is on another day: yesterday has no partition, tomorrow has.
const noon = Math.floor(Date.now() / day) * day + day / 2;
const at = (days: number, minutes = 0) => new Date(noon + days * day + minutes * 60_000).toISOString();

const [owner, stranger] = [await user(at(-2)), await user(at(-9))];
const [theirs, foreign] = [await task(owner), await task(stranger)];
const rows: Array<[name: string, created: string, over: Record<string, unknown>]> = [
  ['before the account', at(-3), { agent_id: 'b', task_id: theirs }],
  ['yesterday', at(-1), { agent_id: 'a', action_type: 'x.z', ip_address: '10.0.0.2' }],
  ['morning', at(0, -30), { agent_id: 'a', status: 'denied', source: 'http' }],
  ['twin 1', at(0), { agent_id: 'b', task_id: theirs, result: { n: 1.5 } }],
  ['twin 2', at(0), { agent_id: 'c', task_id: foreign, result: { n: '9007199254740993' } }],
  ['tomorrow', at(1), { agent_id: 'c', action_type: 'x.z', ip_address: '10.0.0.1', source: 'direct' }],
];
const write = (created: string, by: pg.Pool | pg.PoolClient = sql) =>
  by.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status, created_at) values ('a', 'x.y', 'ok', $1)`,
    [created],
  );
/** Another writer has the first lane of that day meanwhile. */
async function beside(created: string, work: () => Promise<unknown>): Promise<void> {
  const writer = await sql.connect();
  await writer.query('begin');
  await write(created, writer);
  await work();
  await writer.query('rollback');
  writer.release();
}
for (const [name, created, over] of rows) {
  const row = { agent_id: 'z', action_type: 'x.y', status: 'ok', source: 'plane', ...over };
  const insert = () =>
    sql.query(
      `insert into actp_agent_audit_log (request_id, created_at, agent_id, action_type, status, source, ip_address, task_id, result)
       select $1, $2, r.agent_id, r.action_type, r.status, r.source, r.ip_address, r.task_id, r.result
       from jsonb_populate_record(null::actp_agent_audit_log, $3) r`,
      [name, created, row],
    );
  await (name === 'tomorrow' ? beside(created, insert) : insert());
}
const all = rows.map(([name]) => name).toReversed();

describe('the list of audit events', () => {
  it('has all of them, newest first, whichever day they are of', async () => {
    expect(await names()).toEqual(all);
  });

  it.each<[filter: object, expected: string[]]>([
    [{ agent_id: 'a' }, ['morning', 'yesterday']],
    [{ action_type: 'x.z' }, ['tomorrow', 'yesterday']],
    [{ status: 'denied' }, ['morning']],
    [{ source: 'direct' }, ['tomorrow']],
    [{ ip: '10.0.0.2' }, ['yesterday']],
    [{ agent_ids: ['a', 'c'] }, ['tomorrow', 'twin 2', 'morning', 'yesterday']],
    [{ agent_ids: ['a', 'c'], agent_id: 'c' }, ['tomorrow', 'twin 2']],
    [{ agent_ids: ['nobody'] }, []],
    [{ agent_id: 'a', status: 'ok', action_type: 'x.z', source: 'plane' }, ['yesterday']],
    // Of a task of theirs, and nothing from before they were there.
    [{ task_owner: owner }, ['twin 1']],
    [{ task_owner: owner, agent_ids: ['c'] }, ['tomorrow', 'twin 2', 'twin 1']],
    [{ task_owner: stranger }, ['twin 2']],
    [{ since: at(0) }, ['tomorrow', 'twin 2', 'twin 1']],
    [{ since: at(0, 1) }, ['tomorrow']],
    [{ until: at(0) }, ['morning', 'yesterday', 'before the account']],
    [{ until: at(0, 1), since: at(0) }, ['twin 2', 'twin 1']],
    [{ until: at(-1) }, ['before the account']],
    [{ task_owner: owner, since: at(0, 1) }, []],
    [{ task_owner: stranger, since: at(-9), until: at(0) }, []],
  ])('is narrowed by %j', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  it.each([1, 2, 3, 5])(
    'comes in pages of %d, each of which goes on behind the one before',
    async (limit) => {
      const found: string[] = [];
      let page = await list({}, undefined, limit);
      while (page.length > 0) {
        expect(page.length).toBeLessThanOrEqual(limit);
        found.push(...page.map(({ request_id }) => request_id));
        page = await list({}, page.at(-1), limit);
      }
      expect(found).toEqual(all);
    },
  );

  it('has text of a result whose numbers are longer than those of a reader', async () => {
    const texts = (await list()).filter(({ request_id }) => request_id.startsWith('twin'));
    expect(texts.map(({ result_text }) => result_text)).toEqual(['{"n": "9007199254740993"}', null]);
  });
});

describe('the chains to look at', () => {
  const chains = async () => {
    const { rows: found } = await sql.query<{ c: Array<{ day: string; lane: number }> }>(
      'select audit_chains() as c',
    );
    return found[0]?.c ?? [];
  };
  const today = new Date().toISOString().slice(0, 10);

  it('are those that have rows, or say so: of each day, and none that nobody has written to', async () => {
    // The first moment of a day is of that day alone, in whatever lane it was written.
    await beside(at(0), () => write(at(0, -720)));
    await write(at(2, -720));
    const found = await chains();
    const { rows: written } = await sql.query<{ day: string; lane: number }>(
      `select distinct (created_at at time zone 'UTC')::date::text as day, chain_lane as lane
       from actp_agent_audit_log order by 1, 2`,
    );
    expect(new Set(written.map(({ day: d }) => d)).size).toBeGreaterThanOrEqual(4);
    expect(found).toEqual(written);
    const { rows: unused } = await sql.query<{ lane: number }>(
      'select lane from actp_audit.lanes where day = $1 and seq = 0 order by lane',
      [today],
    );
    const lane = unused[0]?.lane ?? -1;
    // One that lost all its rows, and one that lost what is said of it.
    await sql.query('update actp_audit.lanes set seq = 1 where day = $1 and lane = $2', [today, lane]);
    expect(await chains()).toContainEqual({ day: today, lane });
    expect(await chains()).toHaveLength(found.length + 1);
    await sql.query('update actp_audit.lanes set seq = 0 where day = $1 and lane = $2', [today, lane]);
    await sql.query('delete from actp_audit.lanes where day < $1', [today]);
    expect(await chains()).toEqual(found);
  });
});
