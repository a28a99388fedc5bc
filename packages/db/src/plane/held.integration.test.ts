import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls, context, digest, payload, type Approval } from '../approvals/approvals.fixture.ts';
import { killSwitchCalls } from '../approvals/kill-switch.fixture.ts';
import { healCalls } from '../heals/heals.fixture.ts';

const stores = await openDatabase();
const { sql } = stores;
const approvals = approvalCalls(sql);
const switches = killSwitchCalls(sql);
const held = { code: 'AC503' };

const hold = () =>
  sql.query(
    `update actp_audit.plane set held_code = 'behind', held_reason = 'it is older', held_at = now(), held_stopped = '[]'`,
  );
const free = () =>
  sql.query(
    `update actp_audit.plane set held_code = null, held_reason = null, held_at = null, held_stopped = null`,
  );
const call = (text: string, values: unknown[] = []) => sql.query(`select ${text}`, values);
const claim = [{ counter: 'c', amount: 1, max: 5, seconds: 60, over: 'deny' }];
const reservation = (id: string) => ({
  id,
  user_id: randomUUID(),
  agent: 'agent-1',
  amount_minor: 100,
  budget_minor: 1_000,
  ttl_seconds: 60,
});

/** A task with an effect that was released before, and one of unknown outcome. */
async function effects() {
  const one = async (text: string, values: unknown[]) => {
    const { rows } = await sql.query<{ id: string }>(`${text} returning id`, values);
    if (!rows[0]) throw new Error('it was not written');
    return rows[0].id;
  };
  const task = await one(
    `insert into actp_tasks (user_id, prompt, max_spend_minor, status) values (gen_random_uuid(), 'p', 0, 'running')`,
    [],
  );
  const effect = (place: number, state: string) =>
    one(
      `insert into actp_task_effects (task_id, place, kind, action, key, payload, state, approval_id, grant_id, key_kept_seconds)
       values ($1, $2, 'payment', 'payment.pay', $3, '{}', $4, $5, gen_random_uuid(), 60)`,
      [task, place, `key-of-an-effect-${place}`, state, granted.id],
    );
  return { task, reserved: await effect(0, 'reserved'), unknown: await effect(1, 'unknown') };
}

// Made while nothing is held.
const pending = await approvals.request();
const granted = await approvals.request();
await approvals.decide(granted.id, 'approved');
const redeemed = await approvals.request();
await approvals.decide(redeemed.id, 'approved');
await approvals.redeem(redeemed.id);
await switches.set('action:x.y');
const spent = randomUUID();
await call('reserve_spend($1, $2)', [reservation(spent), context]);
const { task, reserved, unknown } = await effects();
const heals = healCalls(sql);
const heal = await heals.open();
await heals.perform.claim(heal);
await heals.perform.prepare(heal);
await sql.query(
  `insert into actp_approval_callbacks (approval_id, version, type, at) values ($1, 1, 'approval.approved', now())`,
  [granted.id],
);
await sql.query(
  `insert into actp_agents (id, name, created_by, key_hash) values ('old', 'old', 'a@b.c', sha256('old'))`,
);
await sql.query(
  `insert into actp_users (email, password_hash, configured_hash, role) values ('second@b.c', 'old', 'old', 'operator')`,
);
await hold();

describe('a held database', () => {
  const refused: ReadonlyArray<readonly [string, () => Promise<unknown>]> = [
    ['approves', () => approvals.decide(pending.id, 'approved')],
    ['rejects', () => approvals.decide(pending.id, 'rejected')],
    ['redeems', () => approvals.redeem(granted.id)],
    ['says what it only knows of an older time', () => approvals.redeem(pending.id)],
    ['asks people', () => approvals.request()],
    [
      'takes a question of another program',
      () => sql.query(`insert into actp_approval_queue (action, requested_by) values ('a.b', 'somebody')`),
    ],
    [
      'takes a press',
      () =>
        call('press_approval($1, $2, false, $3, $4, $5, $6)', [
          pending.id,
          'approved',
          digest,
          'telegram:42',
          { update_id: 1, chat_id: '1', message_id: 1 },
          context,
        ]),
    ],
    [
      'takes a vote',
      () =>
        sql.query(
          `insert into actp_approval_votes (approval_id, actor, person) values ($1, 'telegram:1', 'x')`,
          [pending.id],
        ),
    ],
    [
      'counts an allowed action',
      () => call('claim_limits($1, $2, $3)', ['agent-1', 'a.b', JSON.stringify(claim)]),
    ],
    ['allows work', () => call('claim_work($1, $2, $3, $4, $5)', ['agent-1', 'a.b', '[]', 'key', digest])],
    ['says to the guard what is stopped', () => call('releasable_kill_switches()')],
    ['lifts a kill switch', () => switches.lift('action:x.y')],
    ['forgets a kill switch', () => sql.query('delete from actp_kill_switches')],
    ['reserves money', () => call('reserve_spend($1, $2)', [reservation(randomUUID()), context])],
    ['spends money', () => call('commit_spend($1, 50, $2)', [spent, context])],
    ['pays', () => call(`pay_ledger('key-of-an-effect-0', '{}')`)],
    [
      'releases an effect',
      () =>
        sql.query(
          `insert into actp_task_effects (task_id, place, kind, action, key, payload, approval_id, grant_id, key_kept_seconds)
           values ($1, 2, 'payment', 'payment.pay', 'key-of-an-effect-2', '{}', $2, gen_random_uuid(), 60)`,
          [task, granted.id],
        ),
    ],
    [
      'attempts an effect that was released before',
      () => sql.query('update actp_task_effects set attempts = attempts + 1 where id = $1', [reserved]),
    ],
    [
      'takes it for settled that an effect has not happened',
      () => sql.query(`update actp_task_effects set resolved_by = 'a@b.c' where id = $1`, [unknown]),
    ],
    ['starts the coding agent', () => heals.perform.send(heal)],
    ['calls back', () => sql.query('update actp_approval_callbacks set attempts = attempts + 1')],
    [
      'makes an agent',
      () =>
        sql.query(
          `insert into actp_agents (id, name, created_by, key_hash) values ('n', 'n', 'a@b.c', sha256('n'))`,
        ),
    ],
    ['gives an agent a key', () => sql.query(`update actp_agents set key_hash = sha256('new')`)],
    ['makes an account', () => sql.query(`insert into actp_users (email) values ('new@b.c')`)],
    [
      'changes a password',
      () => sql.query(`update actp_users set password_hash = 'new' where email = 'second@b.c'`),
    ],
    ['links a chat account', () => sql.query('insert into actp_telegram_links (telegram_id) values (42)')],
    [
      'takes back that something was redeemed',
      () =>
        sql.query(
          `update actp_approval_queue set redeemed_at = null, redeemed_by = null, grant_id = null where id = $1`,
          [redeemed.id],
        ),
    ],
    [
      'takes back a decision',
      () =>
        sql.query(
          `update actp_approval_queue set status = 'pending', decided_by = null, decided_at = null where id = $1`,
          [granted.id],
        ),
    ],
  ];

  it.each(refused)('never %s', async (_what, attempt) => {
    await expect(attempt()).rejects.toMatchObject(held);
  });

  it('has a trigger on everything else that releases', async () => {
    const { rows } = await sql.query<{ guarded: string }>(
      `select c.relname || ': ' || t.tgname as guarded from pg_trigger t join pg_class c on c.oid = t.tgrelid
       where t.tgfoid = 'public.refuse_while_held'::regproc and t.tgenabled = 'O' order by 1`,
    );
    expect(rows.map(({ guarded }) => guarded)).toEqual([
      'actp_agents: held_gives_keys',
      'actp_agents: held_makes_agents',
      'actp_approval_callbacks: held_calls_back',
      'actp_approval_first_presses: held_presses',
      'actp_approval_queue: held_asks',
      'actp_approval_queue: held_decides',
      'actp_approval_votes: held_votes',
      'actp_heals: held_heals',
      'actp_kill_switches: held_lifts',
      'actp_kill_switches: held_lifts_by_deleting',
      'actp_ledger: held_pays',
      'actp_limit_grants: held_grants',
      'actp_spend_reservations: held_reserves_money',
      'actp_spend_reservations: held_spends',
      'actp_task_effects: held_attempts_effect',
      'actp_task_effects: held_reserves_effect',
      'actp_telegram_links: held_links',
      'actp_users: held_gives_rights',
      'actp_users: held_makes_users',
    ]);
  });

  it('lets keys be deleted, accounts be disabled, and whoever has the machine set the password of its operator', async () => {
    await sql.query(`update actp_agents set deleted_at = now(), key_hash = null where id = 'old'`);
    expect(
      (
        await sql.query<{ done: boolean }>(
          `select replace_operator_password('second@b.c', 'old', 'new') as done`,
        )
      ).rows,
    ).toEqual([{ done: true }]);
    await sql.query(`update actp_users set disabled_at = now() where email = 'second@b.c'`);
  });

  it('can be read, and a kill switch can be set', async () => {
    expect((await approvals.read(granted.id)).status).toBe('approved');
    expect((await switches.set('agent:somebody')).result).toBe('set');
    expect((await switches.active()).map(({ scope }) => scope)).toContain('agent:somebody');
    expect((await approvals.outcome(redeemed.id, 'succeeded')).result).toBe('recorded');
  });

  it('is held while the server was started, or the table was made, after it was compared', async () => {
    await free();
    const confirm = `update actp_audit.plane set anchored_rows = 1, confirmed_for = actp_audit.plane_mark()`;
    await sql.query(confirm);
    expect((await sql.query<{ h: unknown }>('select plane_hold() as h')).rows[0]?.h).toBeNull();
    await sql.query(`create table copy as select * from actp_audit.plane`);
    await sql.query('alter table actp_audit.plane rename to old_plane');
    await sql.query(`alter table copy set schema actp_audit`);
    await sql.query(`alter table actp_audit.copy rename to plane`);
    await expect(approvals.redeem(granted.id)).rejects.toMatchObject({ ...held, detail: 'unconfirmed' });
    await sql.query('drop table actp_audit.plane');
    await sql.query('alter table actp_audit.old_plane rename to plane');
    await hold();
  });
});

describe('accepting a restored database', () => {
  const accept = async (dryRun = false, actor = 'system:tester') => {
    const { rows } = await sql.query<{ answer: Record<string, unknown> }>(
      'select accept_restored_plane($1, false, $2, $3) as answer',
      [actor, dryRun, {}],
    );
    return rows[0]?.answer;
  };
  const read = (approval: Approval) => approvals.read(approval.id);

  it.each(['agent-1', 'operator:op@example.com', 'telegram:42', 'plane', ''])(
    'is not for %j',
    async (actor) => {
      await expect(accept(false, actor)).rejects.toThrow('only an operator at the command line');
    },
  );

  it('says before what it will do, and changes nothing', async () => {
    expect(await accept(true)).toMatchObject({
      result: 'would_accept',
      pending: 1,
      granted: 1,
      reason: 'it is older',
    });
    expect((await read(pending)).status).toBe('pending');
  });

  it('makes void what was open or granted, once, and leaves what was redeemed', async () => {
    expect(await accept()).toMatchObject({ result: 'accepted', pending: 1, granted: 1 });
    expect((await read(pending)).status).toBe('cancelled');
    expect((await read(granted)).lapsed_at).not.toBeNull();
    expect((await read(redeemed)).redeemed_at).not.toBeNull();
    expect((await approvals.redeem(granted.id, payload)).result).toBe('lapsed');
    expect(await accept()).toEqual({ result: 'not_held' });
    const { rows } = await sql.query(
      `select agent_id, source from actp_agent_audit_log where action_type = 'plane.accepted' and status = 'ok'`,
    );
    expect(rows).toEqual([{ agent_id: 'system:tester', source: 'plane' }]);
  });

  it('stops everything when nobody knows what was stopped', async () => {
    await hold();
    await sql.query(`update actp_audit.plane set held_stopped = null`);
    await accept();
    expect((await switches.active()).map(({ scope }) => scope)).toContain('all');
  });

  it('asks for the lost key to be named', async () => {
    await hold();
    await sql.query(`update actp_audit.plane set held_code = 'signing_key'`);
    expect(await accept()).toMatchObject({ result: 'signing_key' });
  });
});
