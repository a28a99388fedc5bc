import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowsLeftBy } from '../audit/rows.fixture.ts';
import { sha } from '../approvals/approvals.fixture.ts';
import { taskCalls, type Owner } from './tasks.fixture.ts';

const { sql } = await openDatabase();
const tasks = taskCalls(sql);
const { run, call, owner, stepsOf } = tasks;

const create = (of: Owner, over: object = {}, context: object = {}) =>
  call(
    'create_task($1, $2)',
    {
      user_id: of.id,
      prompt: 'pay',
      max_spend_minor: 900,
      most_minor: 1_000,
      request_digest: sha('body'),
      ...over,
    },
    { session_id: of.session, ip: '127.0.0.1', ...context },
  );
const disable = ({ id }: Owner) => run('update actp_users set disabled_at = now() where id = $1', id);

describe('a task is taken from a user', () => {
  it.each<[who: string, arrange: (of: Owner) => Promise<unknown>]>([
    [
      'whose session has ended',
      ({ session }) => run('update actp_sessions set ended_at = now() where id = $1', session),
    ],
    [
      'whose session is over',
      ({ session }) =>
        run(
          `update actp_sessions set created_at = now() - interval '2 h', expires_at = now() - interval '1 s' where id = $1`,
          session,
        ),
    ],
    ['who is disabled', disable],
    [
      'who is an operator by now',
      ({ id }) => run(`update actp_users set role = 'operator' where id = $1`, id),
    ],
  ])('not %s', async (_who, arrange) => {
    const of = await owner();
    await arrange(of);
    expect(await create(of)).toEqual({ result: 'not_user' });
  });

  it('not by the session of another, or by none', async () => {
    const [one, two] = [await owner(), await owner()];
    expect((await create(one, {}, { session_id: two.session })).result).toBe('not_user');
    expect((await create(one, {}, { session_id: null })).result).toBe('not_user');
    expect((await create(await owner('operator'))).result).toBe('not_user');
    expect((await create(one)).result).toBe('created');
  });

  it.each<[max: number | null, result: string, kept: number | null]>([
    [null, 'created', 1_000],
    [1_000, 'created', 1_000],
    [0, 'created', 0],
    [1_001, 'above_most', null],
  ])('that may spend %j of at most 1000', async (max, result, kept) => {
    const of = await owner();
    const rows = await rowsLeftBy(sql, async () => {
      const answer = await create(of, { max_spend_minor: max });
      expect(answer.result).toBe(result);
      expect(answer.task ?? { max_spend_minor: null }).toMatchObject({ max_spend_minor: kept });
    });
    expect(rows).toMatchObject([
      kept === null
        ? {
            action_type: 'security.policy_violation',
            result: { rule: 'MAX_SPEND_PER_TASK', max_spend_minor: max },
          }
        : { action_type: 'tasks.create', agent_id: `user:${of.email}`, result: { state: 'queued' } },
    ]);
  });

  it.each<[what: string, over: object, result: string]>([
    ['the same body', {}, 'known'],
    ['another body', { request_digest: sha('other') }, 'idempotency_mismatch'],
    ['another key', { idempotency_key: 'k2' }, 'created'],
  ])('once for a key: %s', async (_what, over, result) => {
    const [of, other] = [await owner(), await owner()];
    const key = { idempotency_key: 'k1' };
    const first = await create(of, key);
    const again = await create(of, { ...key, ...over });
    expect(again.result).toBe(result);
    if (result === 'known') expect(again.task?.id).toBe(first.task?.id);
    expect((await create(other, key)).result).toBe('created');
  });

  it.each<[findings: unknown, types: string[]]>([
    [null, ['tasks.create']],
    [[], ['tasks.create']],
    [['hidden text'], ['tasks.create', 'security.suspicious_text']],
  ])('with what was found in its text: %j', async (findings, types) => {
    let id = '';
    const of = await owner();
    const rows = await rowsLeftBy(sql, async () => (id = (await create(of, { findings })).task?.id ?? ''));
    expect(rows.map(({ action_type }) => action_type)).toEqual(types);
    expect(await stepsOf(id)).toEqual(['created']);
    const [due] = await run(
      'select round(extract(epoch from due_at - created_at))::int as seconds from actp_tasks where id = $1',
      id,
    );
    expect(due).toEqual({ seconds: 5 });
  });
});
