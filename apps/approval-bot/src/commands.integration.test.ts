import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openTcpGate } from '@actp/testing/tcp-gate';
import { alertChat, approver, openBench } from './approval-bot.fixture.ts';

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

it('/help lists the commands, which clients offer as well', async () => {
  await bench.start();
  bench.telegram.say({ chat_id: approver, text: '/help' });
  await bench.telegram.waitForMessage({ text: '/selftest - Run the self-test now' });
  const [set] = bench.telegram.calls('setMyCommands');
  expect(set?.params['commands']).toMatchObject([
    { command: 'status' },
    { command: 'pending' },
    { command: 'selftest' },
    { command: 'heal' },
    { command: 'stop' },
    { command: 'resume' },
    { command: 'link' },
    { command: 'help' },
  ]);
});
