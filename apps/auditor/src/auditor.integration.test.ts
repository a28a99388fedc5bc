import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { verifyAuditLog } from '@actp/db/audit/verify-log';
import { createDb } from '@actp/db/client';
import { cronTable } from '@actp/shared/cron-table';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { startAuditor } from './auditor.ts';

const stores = await openStores();
const dataDir = await mkdtemp(join(tmpdir(), 'actp-auditor-'));
const log = createLogger({ app: 'test', level: 'silent' });
const db = createDb(stores.env, 'auditor', 20_000);
const producer = createProducer({ redis: stores.env, log });
const env = {
  ...stores.env,
  ACTP_DATA_DIR: dataDir,
  ACTP_ANCHOR_FILE: `${dataDir}.anchor.json`,
  AUDIT_SIGNING_KEY: 'audit-signing-key-of-the-tests-0123456789',
  AUDIT_RETENTION_DAYS: 90,
  SCHEDULE_TZ: 'Europe/Berlin',
};
// Every row is signed at once.
const timings = { checkEveryMs: 50, rows: 1, afterMs: 0, retryEveryMs: 100 };
const auditor = await startAuditor(env, log, timings);
atEnd(async () => {
  await auditor.stop();
  await producer.close();
  await rm(dataDir, { recursive: true, force: true });
  await rm(env.ACTP_ANCHOR_FILE, { force: true });
});
await eventually(() => producer.ping().then(() => true));

const file = checkpointFile(dataDir);
const verify = async () => {
  const { publicKey, last } = await file.read();
  return verifyAuditLog({ db, publicKey, outside: last });
};
const row = (over: object = {}) => ({
  event_id: randomUUID(),
  agent_id: 'ads-agent',
  action_type: 'ads.deploy',
  status: 'ok',
  source: 'plane' as const,
  ...over,
});
const count = async (ids: readonly string[]) => {
  const { rows } = await stores.sql.query<{ n: number }>(
    'select count(*)::int as n from actp_agent_audit_log where event_id = any ($1)',
    [ids],
  );
  return rows[0]?.n ?? 0;
};
const finished = async (id: string | undefined) =>
  eventually(() =>
    producer.use('audit', async (queue) => {
      // In this order: a job that is read before it has ended has no result yet.
      if ((await queue.getJobState(id ?? '')) !== 'completed') return undefined;
      return queue.getJob(id ?? '');
    }),
  );

describe('batches', () => {
  it('are written, and leave the queue', async () => {
    const events = [row(), row(), row()];
    const job = await producer.add('write-audit-events', { events });
    await eventually(async () => (await count(events.map((one) => one.event_id))) === 3);
    await eventually(() =>
      producer.use('audit', async (q) => (await q.getJob(String(job.id))) === undefined),
    );
  });

  it('lose nothing to one event that the database refuses', async () => {
    const good = [row(), row(), row(), row(), row()];
    const bad = row({ user_agent: 'x', ip_address: 'not an address' });
    await producer.add('write-audit-events', { events: [...good.slice(0, 2), bad, ...good.slice(2)] });
    await eventually(async () => (await count(good.map((one) => one.event_id))) === 5);
    await eventually(async () => {
      const { rows } = await stores.sql.query(
        `select 1 from actp_agent_audit_log where action_type = 'security.audit_event_refused' and result ->> 'event_id' = $1`,
        [bad.event_id],
      );
      return rows.length === 1;
    });
    expect(await count([bad.event_id])).toBe(0);
  });

  it('are no refusal where another auditor is just writing the same', async () => {
    const event = row();
    const other = await stores.sql.connect();
    await other.query('begin');
    const insert = `insert into actp_agent_audit_log (event_id, agent_id, action_type, status) values ($1, 'a', 'b', 'ok')`;
    await other.query(insert, [event.event_id]);
    const { id } = await producer.add('write-audit-events', { events: [event] });
    await eventually(async () => {
      const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return (await stores.sql.query(waits)).rowCount !== 0;
    });
    await other.query('commit');
    other.release();
    await eventually(() =>
      producer.use('audit', async (queue) => (await queue.getJob(String(id))) === undefined),
    );
    expect(await count([event.event_id])).toBe(1);
    const refused = `select from actp_agent_audit_log where action_type = 'security.audit_event_refused' and result ->> 'event_id' = $1`;
    expect((await stores.sql.query(refused, [event.event_id])).rowCount).toBe(0);
  });

  it('wait for the database as long as it takes', async () => {
    const events = [row()];
    await stores.sql.query('alter table actp_agent_audit_log rename to away');
    await stores.sql.query(`notify pgrst, 'reload schema'`);
    await producer.add('write-audit-events', { events });
    await eventually(() => producer.use('audit', async (q) => (await q.getDelayedCount()) > 0));
    await stores.sql.query('alter table away rename to actp_agent_audit_log');
    await stores.sql.query(`notify pgrst, 'reload schema'`);
    await eventually(async () => (await count([events[0]?.event_id ?? ''])) === 1);
  });

  it('that failed for good are put back to work', async () => {
    const events = [row()];
    await producer.use('audit', async (queue) => {
      await queue.pause();
      const job = await queue.add('write-audit-events', { events }, { attempts: 1 });
      await stores.redis.lrem('{actp-audit}:audit:paused', 0, String(job.id));
      await stores.redis.zadd('{actp-audit}:audit:failed', Date.now(), String(job.id));
      await stores.redis.hset(
        `{actp-audit}:audit:${job.id}`,
        'finishedOn',
        Date.now(),
        'failedReason',
        'stalled',
      );
      await queue.resume();
    });
    await eventually(async () => (await count([events[0]?.event_id ?? ''])) === 1);
  });
});

describe('checkpoints', () => {
  it('are signed, in the database and in a file, and the log verifies with them', async () => {
    await stores.sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b', 'ok')`,
    );
    await eventually(async () => {
      const { ok, checkpoint } = await verify();
      return ok && checkpoint !== null && checkpoint.signed;
    });
    const text = await readFile(join(dataDir, 'audit', 'checkpoints.jsonl'), 'utf8');
    expect(text).toContain('"public_key"');
    expect(text).toContain('"signature"');
    expect(text).not.toContain(env.AUDIT_SIGNING_KEY);
  });

  it('go to the operators’ chat once a day', async () => {
    const { rows } = await stores.sql.query<{ body: string }>(
      `select body from actp_notifications where kind = 'audit.checkpoint'`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.body).toMatch(/digest [0-9a-f]{64}\nsignature /);
  });
});

describe('weekly-audit-summary', () => {
  it('[SEC-016] is due on Sundays at 20:00', () => {
    expect(cronTable.find(({ job }) => job === 'weekly-audit-summary')).toMatchObject({
      name: 'weekly_audit_summary',
      queue: 'audit',
      pattern: '0 20 * * 0',
      enabled: true,
    });
  });

  it('[SEC-016] leaves a message with actions, errors, actors and the state of the chain', async () => {
    await stores.sql.query(`insert into actp_agent_audit_log (agent_id, action_type, status)
      select 'agent-' || g, 'mail.send', case when g % 10 = 0 then 'error' else 'ok' end from generate_series(1, 40) g`);
    const job = await producer.add('weekly-audit-summary', {});
    await finished(job.id);
    const { rows } = await stores.sql.query<{ body: string }>(
      `select body from actp_notifications where kind = 'audit.summary'`,
    );
    expect(rows).toHaveLength(1);
    const body = rows[0]?.body ?? '';
    expect(body).toMatch(/^📋 Audit, \d+ \w+ to \d+ \w+\nChain: intact \([\d,]+ rows checked\)/);
    expect(body).toMatch(/Errors: \d+ \(\d+\.\d %\)/);
    expect(body).toMatch(/1\. mail\.send: 40/);
    expect(body).toMatch(/Unique actors: 4\d/);
    expect(Math.max(...body.split('\n').map((line) => line.length))).toBeLessThan(80);
  });
});

describe('retire-audit-days', () => {
  it('[SEC-019] drops whole days that are older than AUDIT_RETENTION_DAYS, signed, and the log verifies without them', async () => {
    await stores.sql.query(
      `select actp_audit.make_partition(current_date - n) from unnest(array[100, 95, 80]) n`,
    );
    // The oldest day has no partition.
    await stores.sql.query(`insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
      select 'old', 'x.y', 'ok', now() - make_interval(days => n) from unnest(array[300, 300, 100, 100, 95, 80]) n`);
    await eventually(async () => (await verify()).ok);
    const job = await producer.add('retire-audit-days', {});
    // An attempt that found a lock taken has dropped what it could, and left the rest to the one whose result this is.
    const { returnvalue } = await finished(job.id);
    expect(returnvalue).toMatchObject({ dropped: expect.any(Number) as number });
    const { rows: days } = await stores.sql.query<{ n: number }>(
      `select count(*)::int as n from actp_audit.lanes where day < current_date - 90`,
    );
    expect(days).toEqual([{ n: 0 }]);
    const { rows: ids } = await stores.sql.query<{ n: number }>(
      `select count(*)::int as n from actp_audit.event_ids where day < current_date - 90`,
    );
    expect(ids).toEqual([{ n: 0 }]);
    const { rows } = await stores.sql.query(`select 1 from actp_agent_audit_log where agent_id = 'old'`);
    expect(rows).toHaveLength(1);
    await eventually(async () => (await verify()).ok);
    const text = await readFile(join(dataDir, 'audit', 'checkpoints.jsonl'), 'utf8');
    expect(text.match(/\\"retired\\"/g)).toHaveLength(3);
  });

  it('lets writers go first: it waits for no lock for longer than 100 ms', async () => {
    await stores.sql.query(`select actp_audit.make_partition(current_date - 99)`);
    const writer = await stores.sql.connect();
    await writer.query('begin');
    await writer.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status) values ('w', 'b', 'ok')`,
    );
    const job = await producer.add('retire-audit-days', {});
    await eventually(() =>
      producer.use('audit', async (q) => (await q.getJobState(String(job.id))) === 'delayed'),
    );
    // One that stood behind the job's lock would wait for the first writer, and so for ever.
    await stores.sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status) values ('w', 'b', 'ok')`,
    );
    await writer.query('commit');
    writer.release();
    const { returnvalue } = await finished(job.id);
    expect(returnvalue).toMatchObject({ dropped: 1 });
  });
});

describe('a batch that waits for another try', () => {
  it('since an attempt by a clock that was hours ahead is taken up when the clock is right again', async () => {
    const hours = 3 * 3_600_000;
    // More than are looked at together, and one that waits for a reason of its own.
    const ids = Array.from({ length: 25 }, () => randomUUID());
    const [ordinary, ...asAhead] = await producer.use('audit', (queue) =>
      Promise.all(
        ids.map((event_id) =>
          queue.add('write-audit-events', { events: [row({ event_id })] }, { delay: hours }),
        ),
      ),
    );
    for (const job of asAhead) {
      await stores.redis.hset(`{actp-audit}:audit:${job.id}`, 'processedOn', Date.now() + hours);
    }
    await eventually(async () => (await count(ids)) === 24);
    expect(await producer.use('audit', (queue) => queue.getJobState(ordinary?.id ?? ''))).toBe('delayed');
    await ordinary?.remove();
  });
});

describe('job runs', () => {
  it('leave an event each, with app, job and outcome', async () => {
    const { rows } = await stores.sql.query<{ action_type: string; status: string }>(
      `select distinct action_type, status from actp_agent_audit_log where agent_id = 'auditor' and action_type like 'job.%' order by 1`,
    );
    expect(rows).toEqual([
      { action_type: 'job.retire-audit-days', status: 'ok' },
      { action_type: 'job.weekly-audit-summary', status: 'ok' },
    ]);
  });
});

describe('a database that is older than its checkpoints', () => {
  it('raises an alarm, and nothing more is signed', async () => {
    const owner = await stores.sql.connect();
    await owner.query('set session_replication_role = replica');
    await owner.query('delete from actp_audit.checkpoints where n > 1');
    owner.release(true);
    await stores.sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b', 'ok')`,
    );
    await eventually(async () => {
      const { rows } = await stores.sql.query(`select 1 from actp_notifications where kind = 'audit.alarm'`);
      return rows.length === 1;
    });
    expect(await verify()).toMatchObject({
      ok: false,
      first_bad: { reason: expect.stringContaining('older copy') },
    });
  });
});
