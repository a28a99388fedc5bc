import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openTcpGate } from '@actp/testing/tcp-gate';
import { alertChat, approver, openBench } from './approval-bot.fixture.ts';
import { approvalsOn } from './approvals/approvals.fixture.ts';

const bench = await openBench();

async function selfTestJobs(): Promise<Array<{ id: string | undefined; data: unknown }>> {
  const jobs = await bench.producer.use('selftest', (queue) => queue.getJobs());
  return jobs.map(({ id, data }) => ({ id, data: data as unknown }));
}

/** Commands as the audit log has them. */
async function commandsOf(agents: readonly string[]): Promise<string[]> {
  const { rows } = await bench.stores.sql.query<{ agent_id: string; status: string; result: unknown }>(
    `select agent_id, status, result from actp_agent_audit_log
     where action_type = 'telegram.command' and agent_id = any ($1) order by id`,
    [agents],
  );
  return rows.map(
    ({ agent_id, status, result }) => `${agent_id} ${(result as { command: string }).command} ${status}`,
  );
}

async function recordSnapshot(): Promise<void> {
  const run_id = randomUUID();
  const services = [
    { name: 'gateway', up: true, detail: '', duration_ms: 1 },
    { name: 'redis', up: false, detail: 'connection refused', duration_ms: 1 },
  ];
  await createDb(bench.stores.env, 'runner', 20_000).call((client) =>
    client.rpc('record_snapshot', {
      p_snapshot: {
        run_id,
        trigger: 'nightly',
        status: 'failed',
        tests_total: 14,
        tests_passed: 12,
        tests_failed: 2,
        services_up: 1,
        services_total: 2,
        services,
      },
      p_alert: {},
    }),
  );
}

describe('/status', () => {
  it('shows the last self-test, its services and the queues', async () => {
    await recordSnapshot();
    await bench.start();
    bench.telegram.say({ chat_id: approver, text: '/status' });
    const { versions } = await bench.telegram.waitForMessage({ chat_id: approver, text: 'Self-test' });
    const { text, reply_to_message } = versions[0];
    expect(text).toMatch(/^Self-test failed \(nightly, \d{4}-\d\d-\d\d \d\d:\d\d UTC\)/);
    expect(text).toContain('12 of 14 tests passed');
    expect(text).toContain('DOWN  redis: connection refused');
    expect(text).toContain('selftest: 0 waiting, 0 active, 0 delayed, 0 failed');
    expect(reply_to_message?.text).toBe('/status');
    await eventually(async () => (await commandsOf([`telegram:${approver}`])).length === 1);
    expect(await commandsOf([`telegram:${approver}`])).toEqual([`telegram:${approver} /status ok`]);
  });

  it('is answered in the configured chat, too', async () => {
    await bench.start();
    bench.telegram.say({ chat_id: alertChat, from: approver, text: '/status@actp_test_bot' });
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: 'Queues' });
  });

  it('names a store that is away, and shows the rest', async () => {
    await bench.start({ REDIS_URL: 'redis://127.0.0.1:1' });
    bench.telegram.say({ chat_id: approver, text: '/status' });
    const { versions } = await bench.telegram.waitForMessage({ text: 'Queues' });
    expect(versions[0].text).toContain('Queues: redis is unavailable');
    expect(versions[0].text).toContain('Self-test');
  });

  it('names the database when that is away', async () => {
    const gate = await openTcpGate(Number(new URL(bench.stores.env.SUPABASE_URL).port));
    await bench.start({ SUPABASE_URL: `http://127.0.0.1:${gate.port}` }, { pollerLeaseSeconds: 60 });
    await eventually(() => bench.telegram.calls('getUpdates').length > 0);
    await gate.shut();
    bench.telegram.say({ chat_id: approver, text: '/status' });
    const { versions } = await bench.telegram.waitForMessage({ text: 'Queues' });
    expect(versions[0].text).toContain('Self-tests: the database is unavailable');
    await gate.open();
    await bench.telegram.waitUntilQuiet({ quietMs: 100 });
    await gate.shut();
  });
});

describe('/status names what an operator looks for', () => {
  const statusOf = async (env: Parameters<typeof bench.start>[0] = {}) => {
    await bench.start(env);
    bench.telegram.say({ chat_id: approver, text: '/status' });
    const { versions } = await bench.telegram.waitForMessage({ chat_id: approver, text: 'Queues' });
    return versions[0].text ?? '';
  };

  it('[SEC-004] the failing tests and what healing has come to, with times of the schedule', async () => {
    await bench.stores.sql.query('truncate actp_agent_health_snapshots');
    await recordSnapshot();
    await bench.stores.sql.query(
      `update actp_agent_health_snapshots set created_at = '2026-11-02T13:00:00Z', failures = $1, heal = $2`,
      [
        JSON.stringify([
          { suite: 'shop', test: 'charges once', message: 'expected 1, got 2\n  at line 7', output: '' },
          { suite: null, test: 'configuration', message: '' },
        ]),
        JSON.stringify({
          state: 'not_healed',
          reason: null,
          suites: [
            { suite: 'shop', state: 'healed', step: 'report' },
            { suite: 'mail', state: 'not_healed', step: 'report', reason: 'the tests still fail' },
          ],
        }),
      ],
    );
    const text = await statusOf({ SCHEDULE_TZ: 'Europe/Berlin' });
    expect(text).toMatch(/^Self-test failed \(nightly, 2026-11-02 14:00 Europe\/Berlin\)/);
    expect(text).toContain('FAILED  shop: charges once: expected 1, got 2\n');
    expect(text).toContain('FAILED  configuration\n');
    expect(text).toContain(
      'Heal: not healed\n    shop: healed\n    mail: not healed: the tests still fail\n',
    );
  });

  it('approvals that wait and for how long, and tasks that are open', async () => {
    const approvals = approvalsOn(bench);
    const id = await approvals.ask({ action: 'ads.deploy' });
    await approvals.elapse(id, 600);
    await bench.stores.sql.query(
      `insert into actp_tasks (user_id, prompt, max_spend_minor, created_at)
       select id, 'x', 0, clock_timestamp() - interval '1 hour' from actp_users limit 1`,
    );
    await bench.stores.sql.query(
      `insert into actp_task_effects
         (task_id, place, kind, action, key, payload, approval_id, grant_id, key_kept_seconds, state, reserved_at)
       select id, 0, 'send_email', 'email.send', 'a key of this test', '{}', $1, gen_random_uuid(), 60, 'unknown',
         clock_timestamp() - interval '30 minutes'
       from actp_tasks`,
      [id],
    );
    const text = await statusOf();
    expect(text).toMatch(
      new RegExp(
        `Pending approvals: 1\n  ${id.slice(0, 8)}  ads.deploy, by agent-1: waits for 10 min.*, 49 min left`,
      ),
    );
    expect(text).toContain('Open tasks: 1 queued (oldest 1 h');
    expect(text).toMatch(
      /Nobody knows whether this effect happened:\n {2}send_email of task [0-9a-f-]{36}, for 30 min/,
    );
  });

  it('who has stopped something, by name beside the id', async () => {
    bench.telegram.addUser({ id: approver, is_bot: false, first_name: 'Ann\u202E' });
    await bench.stores.sql.query(
      `insert into actp_kill_switches (scope, reason, set_by) values ('agent:x', 'y', 'telegram:42')`,
    );
    expect(await statusOf()).toContain(`, by Ann⟦U+202E⟧ (telegram:${approver}): y`);
    await bench.stores.sql.query('truncate actp_kill_switches cascade');
  });
});

describe('where results come', () => {
  it('is said, and they come there', async () => {
    await bench.start();
    bench.telegram.say({ chat_id: approver, text: '/selftest' });
    await bench.telegram.waitForMessage({ text: `The result comes in the chat for alerts (${alertChat}).` });
    bench.telegram.say({ chat_id: alertChat, from: approver, text: '/selftest' });
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: 'The result comes here.' });
  });

  it('is the log when no chat is set', async () => {
    await bench.start({ TELEGRAM_CHAT_ID: undefined });
    bench.telegram.say({ chat_id: approver, text: '/selftest' });
    await bench.telegram.waitForMessage({
      text: 'into the log of the bot, since TELEGRAM_CHAT_ID is not set',
    });
  });
});

describe('/heal', () => {
  const healJobs = async () =>
    bench.producer.use('heal', async (queue) => (await queue.getJobs()).map(({ data }) => data as unknown));

  it('[SEC-007] asks for healing of the newest failed run, once for each command', async () => {
    await bench.stores.sql.query('truncate actp_agent_health_snapshots');
    await recordSnapshot();
    const { rows } = await bench.stores.sql.query<{ run_id: string }>(
      'select run_id from actp_agent_health_snapshots',
    );
    const [{ run_id } = { run_id: '' }] = rows;
    await bench.start();
    const { update_id } = bench.telegram.say({ chat_id: approver, text: '/heal' });
    await bench.telegram.waitForMessage({ text: `Healing of run ${run_id} requested` });
    bench.telegram.redeliver(update_id);
    await bench.telegram.waitForMessage({ text: 'has already requested healing' });
    expect(await healJobs()).toEqual([{ run_id, by: 'telegram' }]);
    bench.telegram.say({ chat_id: approver, text: '/heal 7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11' });
    await bench.telegram.waitForMessage({ text: 'There is no self-test run with that id' });
    await bench.stores.sql.query("update actp_agent_health_snapshots set status = 'passed'");
    bench.telegram.say({ chat_id: approver, text: `/heal ${run_id}` });
    await bench.telegram.waitForMessage({ text: 'That self-test passed: there is nothing to heal' });
    bench.telegram.say({ chat_id: approver, text: '/heal ../../etc' });
    await bench.telegram.waitForMessage({ text: 'Not a run id' });
    bench.telegram.say({ chat_id: 669, text: '/heal' });
    await eventually(async () => (await commandsOf(['telegram:669'])).includes('telegram:669 /heal denied'));
    expect(await healJobs()).toHaveLength(1);
  });
});

describe('/selftest', () => {
  it('[SEC-005] starts a self-test, once for each command, also when the update comes twice', async () => {
    await bench.start();
    const { update_id } = bench.telegram.say({ chat_id: approver, text: '/selftest' });
    await bench.telegram.waitForMessage({ text: 'Self-test started' });
    bench.telegram.redeliver(update_id);
    await bench.telegram.waitForMessage({ text: 'has already started a self-test' });
    expect(await selfTestJobs()).toEqual([{ id: `telegram-${update_id}`, data: { trigger: 'telegram' } }]);
    bench.telegram.say({ chat_id: approver, text: '/selftest' });
    await eventually(async () => (await selfTestJobs()).length === 2);
  });

  it('starts once when the answer to the command was lost', async () => {
    await bench.start();
    bench.telegram.faults.add({ effect: 'reset', method: 'sendMessage', times: 1 });
    bench.telegram.say({ chat_id: approver, text: '/selftest' });
    await bench.telegram.waitForMessage({ text: 'has already started a self-test' });
    expect(await selfTestJobs()).toHaveLength(1);
  });

  it('says so when Redis is away', async () => {
    await bench.start({ REDIS_URL: 'redis://127.0.0.1:1' });
    bench.telegram.say({ chat_id: approver, text: '/selftest' });
    await bench.telegram.waitForMessage({ text: 'Redis is unavailable' });
    expect(await selfTestJobs()).toEqual([]);
  });
});

describe('a command of somebody else', () => {
  it('gets one short refusal, stands in the log, and does nothing', async () => {
    await bench.start();
    for (const text of ['/selftest', '/status', '/selftest', 'hello']) {
      bench.telegram.say({ chat_id: 666, text });
    }
    bench.telegram.say({ chat_id: alertChat, from: 667, text: '/selftest' });
    await bench.telegram.waitForMessage({ chat_id: alertChat, outgoing: true });
    await bench.telegram.waitUntilQuiet({ quietMs: 100 });
    const said = bench.telegram.messages({ outgoing: true }).map(({ versions }) => versions[0].text);
    expect(said).toEqual([
      'You are not authorized to give commands here.',
      'You are not authorized to give commands here.',
    ]);
    const refused = bench.log.filter(({ msg }) => msg === 'command refused');
    expect(refused.map(({ user_id }) => user_id)).toEqual([666, 666, 666, 667]);
    expect(await commandsOf(['telegram:666', 'telegram:667'])).toEqual([
      'telegram:666 /selftest denied',
      'telegram:666 /status denied',
      'telegram:666 /selftest denied',
      'telegram:667 /selftest denied',
    ]);
    // What they are called is nobody's business.
    const { rows } = await bench.stores.sql.query(
      'select telegram_id from actp_telegram_people where telegram_id in (666, 667)',
    );
    expect(rows).toEqual([]);
    expect(await selfTestJobs()).toEqual([]);
  });

  it('is one of a bot, an anonymous administrator, or an approver in another chat', async () => {
    bench.telegram.addChat({ id: -5, title: 'Elsewhere' });
    bench.telegram.addUser({ id: 7, is_bot: true, first_name: 'Robot' });
    await bench.start({ TELEGRAM_APPROVER_IDS: [approver, 7, 1087968824] });
    bench.telegram.say({ chat_id: alertChat, from: 'anonymous', text: '/selftest' });
    bench.telegram.say({ chat_id: alertChat, from: 7, text: '/selftest' });
    bench.telegram.say({ chat_id: -5, from: approver, text: '/selftest' });
    await eventually(() => bench.log.filter(({ msg }) => msg === 'command refused').length === 3);
    await bench.telegram.waitUntilQuiet({ quietMs: 100 });
    expect(await selfTestJobs()).toEqual([]);
  });

  it("is everybody's when nobody is on the list", async () => {
    await bench.start({ TELEGRAM_APPROVER_IDS: [] });
    bench.telegram.say({ chat_id: approver, text: '/selftest' });
    await bench.telegram.waitForMessage({ text: 'You are not authorized to give commands here.' });
    expect(await selfTestJobs()).toEqual([]);
  });
});
