import { describe, expect, it } from 'vitest';
import { openExecutor } from './executor.fixture.ts';

const bench = await openExecutor();
const { sql } = bench;
const effectsOf = (to: string) =>
  bench.resend.log.effects.filter(({ meaning }) => meaning.includes(`"${to}"`)).length;
const stepsOf = async (id: string) => (await bench.read(id)).steps.map(({ name }) => name);

describe('[TASK-002] a task', () => {
  it('[SEC-015] is understood, planned and done, each step stored and audited with where it came from', async () => {
    await bench.start();
    const user = await bench.user();
    const id = await bench.ask(user, 'read birds');
    const task = await bench.ended(id);
    expect(task).toMatchObject({
      status: 'succeeded',
      agent: 'research',
      result: { text: 'about birds' },
      cost_usd: 0.01,
      effects: [],
      error: null,
    });
    expect(await stepsOf(id)).toEqual(['created', 'started', 'planned', 'search', 'succeed']);
    const events = await bench.audited(id);
    expect(events.map(({ action_type }) => action_type)).toEqual([
      'tasks.create',
      'spend.reserve',
      'tasks.tool.search',
      'spend.commit',
      'tasks.succeeded',
    ]);
    expect(events[0]).toMatchObject({ agent_id: `user:${user.email}` });
    expect(events[2]).toMatchObject({ agent_id: 'research' });
    for (const event of events)
      expect(event).toMatchObject({ ip: '192.0.2.7', user_agent: 'client of a test' });
    expect(await bench.spend(user.id)).toEqual({ spent: 1, reserved: 0 });
  });

  it('whose job got lost is found by the sweep', async () => {
    await bench.start();
    const id = await bench.ask(await bench.user(), 'read birds', { hint: false });
    await sql.query('update actp_tasks set due_at = now() where id = $1', [id]);
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded' });
  });

  it('says what went wrong: not understood, no such agent, nothing found', async () => {
    await bench.start();
    const user = await bench.user();
    const ended = async (prompt: string) => bench.ended(await bench.ask(user, prompt));
    expect(await ended('sing a song')).toMatchObject({ status: 'failed', error_code: 'not_understood' });
    expect(await ended('fly home')).toMatchObject({ status: 'failed', error_code: 'agent_not_allowed' });
    expect(await ended('read nothing')).toMatchObject({ status: 'failed', error: 'there is nothing' });
    expect(await bench.spend(user.id)).toEqual({ spent: 0, reserved: 0 });
    // What a model has cost is spent, whatever came of it.
    expect(await ended('ponder')).toMatchObject({ error_code: 'not_understood', cost_usd: 0.02 });
    expect(await bench.spend(user.id)).toEqual({ spent: 2, reserved: 0 });
  });

  it('asked for twice by a person is two tasks, and one under the same Idempotency-Key', async () => {
    const user = await bench.user();
    expect(await bench.ask(user, 'read birds')).not.toBe(await bench.ask(user, 'read birds'));
    const first = await bench.ask(user, 'read birds', { key: 'k' });
    expect(await bench.ask(user, 'read birds', { key: 'k' })).toBe(first);
    await expect(bench.ask(user, 'read fish', { key: 'k' })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  });
});

describe('[EFF-001] an effect outside', () => {
  it('[TASK-003] waits for a person, holds no worker, and happens once', async () => {
    await bench.start();
    const user = await bench.user();
    const id = await bench.ask(user, 'mail a@example.com');
    const waiting = await bench.inStatus(id, 'awaiting_approval');
    const { rows } = await sql.query('select holder, held_until from actp_tasks where id = $1', [id]);
    expect(rows[0]).toEqual({ holder: null, held_until: null });
    const approval = await sql.query(
      'select action, details, requested_by, asked_by, source from actp_approval_queue where id = $1',
      [waiting.approval_id],
    );
    expect(approval.rows[0]).toMatchObject({
      action: 'email.send',
      details: { to: 'a@example.com', subject: 'Hello', text: 'Good morning' },
      requested_by: `user:${user.email}`,
      asked_by: 'communication',
      source: 'plane',
    });
    expect(effectsOf('a@example.com')).toBe(0);
    expect(await bench.decide(waiting.approval_id, 'approved')).toBe('decided');
    const task = await bench.ended(id);
    expect(task).toMatchObject({
      status: 'succeeded',
      effects: [{ kind: 'email', state: 'done', attempts: 1 }],
    });
    expect(effectsOf('a@example.com')).toBe(1);
    expect(await stepsOf(id)).toEqual([
      'created',
      'started',
      'planned',
      'approval_requested',
      'approved',
      'effect_reserved',
      'effect_done',
      'succeed',
    ]);
    // Whoever asked sees who decided about it.
    expect((await bench.audited(id)).map(({ action_type }) => action_type)).toEqual(
      expect.arrayContaining(['approval.request', 'approval.decide', 'approval.redeem', 'approval.outcome']),
    );
    const outcome = await sql.query('select outcome from actp_approval_queue where id = $1', [
      waiting.approval_id,
    ]);
    expect(outcome.rows[0]).toEqual({ outcome: 'succeeded' });
  });

  it('never happens after a no, an expiry, or when it is taken back', async () => {
    await bench.start();
    const user = await bench.user();
    const waiting = async (prompt: string) =>
      bench.inStatus(await bench.ask(user, prompt), 'awaiting_approval');
    const rejected = await waiting('pay 500');
    expect(await bench.spend(user.id)).toEqual({ spent: 0, reserved: 500 });
    await bench.decide(rejected.approval_id, 'rejected');
    expect(await bench.ended(rejected.id)).toMatchObject({
      status: 'rejected',
      error_code: 'approval_rejected',
      error: 'rejected by op@example.com: seen',
    });
    const expired = await waiting('mail b@example.com');
    await sql.query(
      `update actp_approval_queue set created_at = created_at - interval '5 hours', expires_at = expires_at - interval '5 hours'
       where id = $1`,
      [expired.approval_id],
    );
    await sql.query('update actp_tasks set due_at = now() where id = $1', [expired.id]);
    expect(await bench.ended(expired.id)).toMatchObject({
      status: 'rejected',
      error_code: 'approval_expired',
    });
    expect(await bench.spend(user.id)).toEqual({ spent: 0, reserved: 0 });
    expect(effectsOf('b@example.com')).toBe(0);
  });

  it('whose answer is lost is asked for again with the same key', async () => {
    await bench.start();
    const user = await bench.user();
    const id = await bench.ask(user, 'mail c@example.com');
    const { approval_id } = await bench.inStatus(id, 'awaiting_approval');
    bench.resend.faults.add({ kind: '5xx_after_effect', times: 2 });
    await bench.decide(approval_id, 'approved');
    const task = await bench.ended(id);
    expect(task).toMatchObject({ status: 'succeeded', effects: [{ state: 'done', attempts: 3 }] });
    expect(effectsOf('c@example.com')).toBe(1);
  });

  it('that nobody can tell of is shown as unknown, and an operator says what happened', async () => {
    await bench.start();
    const user = await bench.user();
    const unknown = async (prompt: string) => {
      const id = await bench.ask(user, prompt);
      const { approval_id } = await bench.inStatus(id, 'awaiting_approval');
      bench.resend.faults.add({ kind: '5xx_after_effect', times: 'always' });
      await bench.decide(approval_id, 'approved');
      const task = await bench.ended(id);
      bench.resend.faults.clear();
      expect(task).toMatchObject({
        status: 'failed',
        error_code: 'effect_unknown',
        effects: [{ state: 'unknown' }],
      });
      return task;
    };
    const resolve = async (task: Awaited<ReturnType<typeof unknown>>, happened: boolean) => {
      const { rows } = await sql.query<{ resolved: { result: string } }>(
        `select resolve_effect($1, $2, $3, 'operator:op@example.com', '{}') as resolved`,
        [task.id, task.effects[0]?.id, happened],
      );
      return rows[0]?.resolved.result;
    };
    const first = await unknown('mail d@example.com');
    const told = await sql.query<{ body: string }>(
      `select body from actp_notifications where kind = 'task.effect_unknown' and body like '%' || $1 || '%'`,
      [first.effects[0]?.id],
    );
    expect(told.rows).toHaveLength(1);
    expect(told.rows[0]?.body).toContain(`/v1/tasks/${first.id}/effects/${first.effects[0]?.id}/resolution`);
    expect(await resolve(first, true)).toBe('resolved');
    expect(await bench.read(first.id)).toMatchObject({ status: 'succeeded', effects: [{ state: 'done' }] });
    expect(await resolve(first, true)).toBe('known');
    expect(await resolve(first, false)).toBe('already_resolved');
    const second = await unknown('mail e@example.com');
    expect(await resolve(second, false)).toBe('resolved');
    expect(await bench.read(second.id)).toMatchObject({
      status: 'failed',
      error_code: 'effect_not_done',
      effects: [{ state: 'not_done' }],
    });
  });

  it('paid for or not known counts as spent; what did not happen is given back', async () => {
    await bench.start({
      outside: { pay: () => Promise.resolve({ state: 'unknown', reason: 'no answer', again: false }) },
    });
    const user = await bench.user();
    const id = await bench.ask(user, 'pay 700');
    const { approval_id } = await bench.inStatus(id, 'awaiting_approval');
    await bench.decide(approval_id, 'approved');
    const task = await bench.ended(id);
    expect(task).toMatchObject({ status: 'failed', error_code: 'effect_unknown', cost_usd: 7 });
    expect(await bench.spend(user.id)).toEqual({ spent: 700, reserved: 0 });
    await sql.query(`select resolve_effect($1, $2, false, 'operator:op@example.com', '{}')`, [
      id,
      task.effects[0]?.id,
    ]);
    expect(await bench.spend(user.id)).toEqual({ spent: 0, reserved: 0 });
    expect(await bench.read(id)).toMatchObject({ status: 'failed', cost_usd: 0 });
  });

  it('stopped by a kill switch after it was approved does not happen', async () => {
    await bench.start();
    const user = await bench.user();
    const id = await bench.ask(user, 'mail f@example.com');
    const { approval_id } = await bench.inStatus(id, 'awaiting_approval');
    await bench.decide(approval_id, 'approved');
    // Set before the executor has had its turn or while it has: in both cases once or not at all.
    await sql.query(
      `select set_kill_switch('action:email.*', 'wrong letters', 'operator:op@example.com', '{}')`,
    );
    const task = await bench.ended(id);
    expect(effectsOf('f@example.com')).toBe(task.status === 'succeeded' ? 1 : 0);
    const later = await bench.ask(user, 'mail g@example.com');
    expect((await bench.ended(later)).error_code).toMatch(/^(?:policy_denied|kill_switch)$/);
    await sql.query('delete from actp_kill_switches');
  });
});
