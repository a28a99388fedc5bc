import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';
import { planeRows } from './plane-rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const rows = planeRows(sql);

const facts = () => call('doctor_facts()');
const underWay = () => call('selftest_under_way()');
const hour = 60;
/** The age of what stands at that name, in whole hours: nothing here takes half an hour. */
const hoursOf = (found: Record<string, unknown>, name: string) =>
  Math.round((Date.parse(String(found['now'])) - Date.parse(String(found[name]))) / 3_600_000);
const single = async (query: string) => (await sql.query<{ value: unknown }>(query)).rows[0]?.value;

describe('what the doctor reads', () => {
  it('of an empty plane', async () => {
    expect(await facts()).toMatchObject({
      self_test: null,
      self_test_runs: false,
      checkpoint: null,
      unsigned_since: null,
      audit_alarm: null,
      audit_acknowledged: null,
      unknown_effects: 0,
      anchor_problem: null,
      kill_switches: 0,
      messages_waiting_since: null,
      telegram_linked: 0,
      telegram_polling: false,
      telegram_refusals: [],
    });
  });

  it('is the database itself: its version, its migrations in order, its functions, its apps', async () => {
    await rows.owner(`delete from actp_access.app_keys; insert into actp_access.app_keys (key_hash, app)
      select sha256(key::bytea), app from (values ('1', 'bot'), ('2', 'bot'), ('1', 'auditor')) k (key, app)`);
    const { migrations, postgres, release, held, apps } = await facts();
    const versions = await sql.query<{ version: string }>(
      'select version from supabase_migrations.schema_migrations',
    );
    expect(migrations).toEqual(versions.rows.map(({ version }) => version).toSorted());
    expect(postgres).toBe(Number(await single(`select current_setting('server_version_num') as value`)));
    expect(release).toBe(await single('select max(release) as value from actp_migrations.function_files'));
    expect(held).toEqual(await call('plane_hold()'));
    expect(apps).toEqual(['auditor', 'bot']);
  });

  it('is the newest self-test, and whether one runs', async () => {
    await rows.snapshot('failed', 90);
    await rows.snapshot('healed', 30);
    await rows.selfTestRun(-hour, true);
    expect(await facts()).toMatchObject({
      self_test: { status: 'healed', tests_total: 3, tests_passed: 2, services_up: 1, services_total: 2 },
      self_test_runs: false,
    });
    expect(await underWay()).toEqual({ under_way: false });
    await rows.selfTestRun(1, false);
    expect(await facts()).toMatchObject({ self_test_runs: false });
    expect(await underWay()).toEqual({ under_way: false });
    await rows.owner(
      `update actp_selftest_runs set lease_until = now() + interval '1 hour' where finished_at is null`,
    );
    expect(await facts()).toMatchObject({ self_test_runs: true });
    expect(await underWay()).toEqual({ under_way: true });
  });

  it('is the newest checkpoint, and since when rows wait for one that should have come', async () => {
    await rows.auditRow(1);
    expect(await facts()).toMatchObject({ unsigned_since: null });
    await rows.auditRow(4 * hour);
    await rows.auditRow(6 * hour);
    await rows.auditRow(26 * hour);
    expect(hoursOf(await facts(), 'unsigned_since')).toBe(6);
    await rows.checkpoint(1, 9 * hour);
    await rows.checkpoint(2, 5 * hour);
    const found = await facts();
    expect(found).toMatchObject({ checkpoint: { n: 2 } });
    expect(hoursOf(found, 'unsigned_since')).toBe(4);
    await rows.checkpoint(3, 2 * hour);
    expect(await facts()).toMatchObject({ unsigned_since: null });
    await rows.auditRow(15);
    expect(hoursOf(await facts(), 'unsigned_since')).toBe(0);
  });

  it('is the last alarm about the record, and the last time that somebody has looked at it', async () => {
    await rows.message('audit.alarm', 'sent', 3 * hour);
    await rows.message('audit.alarm', 'sent', 7 * hour);
    await rows.message('alert', 'sent', hour);
    await rows.owner(`insert into actp_audit.acknowledgements (damage, reason, acknowledged_by, acknowledged_at)
      values ('[{}]', 'seen', 'ada', now() - interval '2 hours'), ('[{}]', 'seen', 'ada', now() - interval '8 hours')`);
    const found = await facts();
    expect([hoursOf(found, 'audit_alarm'), hoursOf(found, 'audit_acknowledged')]).toEqual([3, 2]);
  });

  it('is what waits: stopped scopes, unknown effects, messages, the anchor', async () => {
    await rows.stop('all');
    await rows.stop('agent:b', true);
    for (const state of ['unknown', 'done', 'reserved']) await rows.effect(state);
    await rows.message('alert', 'pending', 5 * hour);
    await rows.message('alert', 'pending', 7 * hour);
    await rows.message('alert', 'logged', 9 * hour);
    await rows.anchorProblem('the disk is full');
    const found = await facts();
    expect(found).toMatchObject({
      kill_switches: 1,
      unknown_effects: 1,
      anchor_problem: 'the disk is full',
    });
    expect(hoursOf(found, 'messages_waiting_since')).toBe(7);
  });

  it('is Telegram: who is linked, whether somebody polls, what it refuses', async () => {
    await rows.link(1);
    await rows.link(2);
    await rows.link(3, true);
    await rows.lease('telegram-poller', 1);
    await rows.lease('another', -hour);
    expect(await facts()).toMatchObject({ telegram_linked: 2, telegram_polling: false });
    await rows.lease('telegram-poller', -hour);
    await rows.owner(`insert into actp_telegram_refusals (chat_id, what, reason)
      values ('1', 'text', 'no rights'), ('2', 'text', 'no rights'), ('1', 'edit', 'no rights')`);
    expect(await facts()).toMatchObject({
      telegram_polling: true,
      telegram_refusals: [
        { what: 'edit', reason: 'no rights' },
        { what: 'text', reason: 'no rights' },
      ],
    });
  });
});
