import { beforeEach, describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { createDb } from '../client.ts';
import { auditLog } from './audit.fixture.ts';
import { checkpointDigest, lastCheckpoint } from './checkpoint.ts';

const stores = await openStores();
await stores.sql.query(
  `insert into actp_users (email, password_hash, role) values ('op@example.com', 'of a test', 'operator')`,
);
const log = auditLog(stores);
const gateway = createDb(stores.env, 'gateway', 20_000);
const context = { ip: '127.0.0.1', user_agent: 'test', request_id: 'r' };

beforeEach(async () => {
  await log.empty();
  await log.write(60);
  await log.sign();
});

/** As the holder of a key that could, before: behind the newest checkpoint, in nobody's name. */
const forge = (n: number) =>
  log.tamper((owner) =>
    owner.query(`insert into actp_audit.checkpoints (n, payload, signature) values ($1, $2, 'AAAA')`, [
      n,
      JSON.stringify({ v: 1, n, kind: 'heads', at: '', prev: '', heads: [] }),
    ]),
  );

const change = (seq: number, lane: number) =>
  log.tamper((owner) =>
    owner.query(
      `update actp_agent_audit_log set status = 'changed' where chain_seq = $1 and chain_lane = $2`,
      [seq, lane],
    ),
  );

async function acknowledge(actor = 'operator:op@example.com') {
  const { problems } = await log.verify();
  const open = problems.filter(({ acknowledged }) => acknowledged === null);
  const stored = await lastCheckpoint(log.db);
  const place = stored && { n: stored.n, digest: checkpointDigest(stored) };
  return gateway.call((client) =>
    client.rpc('acknowledge_audit_damage', {
      p_damage: open.map((problem) => ({ ...problem })),
      p_stored: place ?? null,
      p_outside: place ?? null,
      p_reason: 'restored on purpose',
      p_actor: actor,
      p_context: context,
    }),
  );
}

describe('verification', () => {
  it('reports damage behind a bad checkpoint, and never calls that one signed', async () => {
    await forge(2);
    const { lane, seq } = await log.somewhere();
    await change(seq, lane);
    const found = await log.verify();
    expect(found).toMatchObject({ ok: false, checkpoint: { n: 2, signed: false } });
    expect(found.problems).toMatchObject([
      { checkpoint: 2, reason: 'this checkpoint is not signed by the auditor', acknowledged: null },
      { lane, seq, reason: 'it was changed', acknowledged: null },
    ]);
  });

  it('reports every changed row of a chain', async () => {
    const { lane, end } = await log.somewhere();
    await change(2, lane);
    await change(end - 1, lane);
    const { problems } = await log.verify();
    expect(problems.map(({ seq, reason }) => [seq, reason])).toEqual([
      [2, 'it was changed'],
      [end - 1, 'it was changed'],
    ]);
  });

  it('does not call signed what it cannot check', async () => {
    expect((await log.verify()).checkpoint).toEqual({ n: 1, signed: true });
    expect((await log.verify({ publicKey: undefined })).checkpoint).toEqual({ n: 1, signed: false });
  });
});

describe('acknowledged damage', () => {
  it('stays in the report, and does not hide what comes later at the same place', async () => {
    const { lane, seq } = await log.somewhere();
    await change(seq, lane);
    const before = await log.verify();
    expect(before.damage).toMatch(/^[0-9a-f]{64}$/);
    await acknowledge();
    const after = await log.verify();
    expect(after).toMatchObject({ ok: true, first_bad: null, damage: null });
    expect(after.problems).toMatchObject([{ lane, seq, acknowledged: expect.any(Number) }]);

    await log.tamper((owner) =>
      owner.query(
        `update actp_agent_audit_log set error = 'again' where chain_seq = $1 and chain_lane = $2`,
        [seq, lane],
      ),
    );
    expect(await log.verify()).toMatchObject({ ok: false, first_bad: { lane, seq } });
  });

  it('is acknowledged by a person, with an audit row and a message', async () => {
    const { lane, seq } = await log.somewhere();
    await change(seq, lane);
    await expect(acknowledge('agent-1')).rejects.toThrow('only a person does this');
    await expect(acknowledge('plane')).rejects.toThrow('only a person does this');
    await acknowledge();
    const { rows } = await stores.sql.query(
      `select agent_id, status, result ->> 'reason' as reason from actp_agent_audit_log where action_type = 'audit.acknowledge'`,
    );
    expect(rows).toContainEqual({
      agent_id: 'operator:op@example.com',
      status: 'ok',
      reason: 'restored on purpose',
    });
    const told = await stores.sql.query(
      `select body from actp_notifications where kind = 'audit.acknowledged'`,
    );
    expect(told.rows.at(-1)?.body).toContain('restored on purpose');
  });

  it('cannot be taken back or changed', async () => {
    await forge(2);
    await acknowledge();
    for (const statement of [
      `update actp_audit.acknowledgements set reason = 'x'`,
      'delete from actp_audit.acknowledgements',
      'truncate actp_audit.acknowledgements',
    ]) {
      await expect(stores.sql.query(statement)).rejects.toThrow('append-only');
    }
  });
});

describe('[TRU-001] dropping days', () => {
  it('is refused for a day within the retention that the owner has set, whatever the auditor asks', async () => {
    await stores.sql.query('update actp_audit.retention set days = 30');
    const { rows } = await stores.sql.query<{ day: string }>(
      `select ((now() at time zone 'UTC')::date - 30)::text as day`,
    );
    const { day = '' } = rows[0] ?? {};
    await stores.sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status, created_at) values ('a', 'b.c', 'ok', $1::date + time '12:00')`,
      [day],
    );
    const heads = await log.db.call((client) => client.rpc('audit_heads', { p_day: day }));
    const payload = JSON.stringify({ v: 1, n: 2, kind: 'retired', day, at: '', prev: '', heads });
    const retire = () =>
      log.db.call((client) =>
        client.rpc('retire_audit_day', {
          p_day: day,
          p_heads: heads,
          p_n: 2,
          p_payload: payload,
          p_signature: 'AAAA',
        }),
      );
    await expect(retire()).rejects.toThrow('younger than AUDIT_RETENTION_DAYS');
    await stores.sql.query('delete from actp_audit.retention');
    await expect(retire()).rejects.toThrow('younger than AUDIT_RETENTION_DAYS');
    const { rows: left } = await stores.sql.query(
      `select from actp_agent_audit_log where created_at < now() - interval '29 days'`,
    );
    expect(left).toHaveLength(1);
    await stores.sql.query('insert into actp_audit.retention (days) values (29)');
    expect(await retire()).toBe(true);
  });

  it('lists no day that is within it', async () => {
    await stores.sql.query('update actp_audit.retention set days = 90');
    await stores.sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
       select 'a', 'b.c', 'ok', now() - make_interval(days => n) from unnest(array[80, 95]) n`,
    );
    const days = await log.db.call((client) => client.rpc('old_audit_days', { p_days: 1 }));
    expect(days).toHaveLength(1);
  });

  it.each([
    ['the owner has set', 90, 1],
    ['the auditor asks for', 1, 90],
  ])('lists no day that is exactly as old as %s, and the one before it', async (_who, set, asked) => {
    const client = await stores.sql.connect();
    try {
      // In one transaction now() stands still: midnight may pass.
      await client.query('begin');
      await client.query('update actp_audit.retention set days = $1', [set]);
      await client.query(
        `insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
         select 'a', 'b.c', 'ok', now() - make_interval(days => n) from unnest(array[89, 90, 91]) n`,
      );
      const { rows } = await client.query<{ age: number }>(
        `select (now() at time zone 'UTC')::date - day as age from old_audit_days($1) day
         where (now() at time zone 'UTC')::date - day < 95`,
        [asked],
      );
      expect(rows).toEqual([{ age: 91 }]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});
