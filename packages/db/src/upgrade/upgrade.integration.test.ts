import { randomBytes } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { describe, expect, it } from 'vitest';
import { databaseAppKey } from '../access/app-key.ts';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { assertAccepted } from '../access/assert-accepted.ts';
import { listRights } from '../access/list-rights.fixture.ts';
import { registerApps } from '../access/register-apps.ts';
import { approvalCalls, context } from '../approvals/approvals.fixture.ts';
import { readAcknowledgements } from '../audit/acknowledgements.ts';
import { verifyAuditLog } from '../audit/verify-log.ts';
import { createDb } from '../client.ts';
import { functionsIn, functionsOf } from '../functions/functions.fixture.ts';
import { readFunctionFiles } from '../functions/read-function-files.ts';
import { migrate } from '../migrate.ts';
import {
  auditPublicKey,
  checkpointOutside,
  prolong,
  recorded,
  restoreFirstRelease,
  rowsByTable,
} from './first-release.fixture.ts';

const stores = await openStores({ empty: true });
const { sql } = stores;
await restoreFirstRelease(sql);
const before = await rowsByTable(sql);
const outside = await checkpointOutside(sql);
// What the first release counted for names with several kinds of separators.
const print = 'a'.repeat(32);
await sql.query(
  `with one as (
     insert into actp_limit_grants (id, agent, action, at, keep_until)
     values (gen_random_uuid(), 'upgraded', ' Post:bulk_send', now(), now() + interval '1 day') returning id)
   insert into actp_limit_uses (grant_id, counter, amount, at)
   select one.id, c, 7, now() from one, unnest(array[$1 || ':post:bulk_send', $1 || ':some_agent']) c`,
  [print],
);
const migrated = await migrate({ databaseUrl: stores.env.DATABASE_URL });

const counters = await sql.query<{ counter: string }>(
  `select counter from actp_limit_uses where amount = 7 order by counter`,
);
await sql.query(`delete from actp_limit_grants where agent = 'upgraded'`);

// Until an auditor has looked, the upgraded database could be an older copy.
const { rows: held } = await sql.query<{ code: string }>(`select public.plane_hold() ->> 'code' as code`);
await sql.query(`select public.confirm_plane(null, $1)`, [auditPublicKey]);

const secret = randomBytes(32).toString('base64url');
await registerApps({ databaseUrl: stores.env.DATABASE_URL, secret });
const db = createDb(
  { ...stores.env, DATABASE_APP_KEY: databaseAppKey(secret, 'gateway') },
  'gateway',
  60_000,
);
// PostgREST reads its configuration and the schema anew a moment after it was told to.
await eventually(() => assertAccepted(db).then(() => readAcknowledgements(db)));
const verify = () => verifyAuditLog({ db, publicKey: auditPublicKey, outside });
const approvals = approvalCalls(sql, 'mail-agent');
const digestsOf = async (id: string) => {
  const { rows } = await sql.query<{ action: string; payload: string }>(
    'select action_digest as action, payload_digest as payload from actp_approval_queue where id = $1',
    [id],
  );
  if (!rows[0]) throw new Error(`no approval ${id}`);
  return rows[0];
};

describe('a database that the first release has written', () => {
  it('releases nothing until an auditor has compared it', () => {
    expect(held).toEqual([{ code: 'unconfirmed' }]);
  });

  it('is migrated, and has the functions of the files', async () => {
    const files = await readFunctionFiles();
    expect(migrated.applied).not.toContain('20261116000000');
    expect(migrated.applied.length).toBeGreaterThan(0);
    expect(migrated.functions).toEqual(files.map(({ file }) => file));
    const client = await sql.connect();
    try {
      const expected = await functionsOf(client, files);
      expect(await functionsIn(client)).toEqual(expected);
    } finally {
      client.release();
    }
  });

  it('[TRU-001] gives every role the rights of a new database, and no other', async () => {
    const client = await sql.connect();
    try {
      await expect(await listRights(client)).toMatchFileSnapshot('../../rights.txt');
    } finally {
      client.release();
    }
  });

  it('keeps every row as it was', async () => {
    const after = await rowsByTable(sql);
    expect(before.get('actp_users')).toHaveLength(2);
    expect(before.get('actp_kill_switches')).toHaveLength(3);
    expect(before.get('actp_spend_reservations')).toHaveLength(3);
    for (const [table, rows] of before) {
      // A later release may add columns.
      const columns = Object.keys(rows[0] ?? {});
      const texts = (all: Record<string, unknown>[]) =>
        all.map((row) => JSON.stringify(columns.map((column) => row[column]))).toSorted();
      // A lane of a coming day may be added, nothing else.
      const rowsAfter = (after.get(table) ?? []).filter(
        (row) => table !== 'actp_audit.lanes' || row['seq'] !== 0,
      );
      const rowsBefore = rows.filter((row) => table !== 'actp_audit.lanes' || row['seq'] !== 0);
      expect(texts(rowsAfter), table).toEqual(texts(rowsBefore));
    }
  });

  it('goes on counting names with other separators under the name that they are compared by', () => {
    expect(counters.rows.map(({ counter }) => counter)).toEqual([
      `${print}:post.bulk.send`,
      `${print}:some_agent`,
    ]);
  });

  it('[TRU-003] has each vote as that of the person with the account, and no session', async () => {
    const { rows } = await sql.query<{ known: boolean }>(
      `select v.person = 'user:' || u.id as known from actp_approval_votes v
       left join actp_users u on 'operator:' || u.email = v.actor`,
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.every(({ known }) => known)).toBe(true);
    expect((await sql.query('select from actp_sessions')).rows).toEqual([]);
  });

  it('has its audit chain, with the signatures of the release that wrote it', async () => {
    const result = await verify();
    expect(result).toMatchObject({ ok: true, first_bad: null, checkpoint: { n: 2, signed: true } });
    expect(result.checked).toBe(before.get('actp_agent_audit_log')?.length);
  });

  it('has its approvals in every state', async () => {
    const states = await Promise.all(
      Object.entries(recorded).map(async ([name, id]) => [name, await approvals.read(id)] as const),
    );
    const of = Object.fromEntries(states);
    expect(of['approved']).toMatchObject({ status: 'approved', redeemed_at: null });
    expect(of['redeemed']).toMatchObject({ status: 'approved', outcome: null });
    expect(of['redeemed']?.redeemed_at).not.toBeNull();
    expect(of['succeeded']).toMatchObject({ status: 'approved', outcome: 'succeeded' });
    expect(of['failed']).toMatchObject({ status: 'approved', outcome: 'failed' });
    for (const state of ['rejected', 'cancelled', 'expired']) expect(of[state]?.status).toBe(state);
  });

  it('[TRU-005] knows who asked for what is still open', async () => {
    const { rows } = await sql.query<{ id: string; asked_by: string | null; source: string | null }>(
      'select id, asked_by, source from actp_approval_queue',
    );
    const of = new Map(rows.map(({ id, ...row }) => [id, row]));
    expect(of.get(recorded.pending)).toEqual({ asked_by: 'mail-agent', source: null });
    expect(of.get(recorded.approved)).toEqual({ asked_by: 'mail-agent', source: null });
    // Nothing more can be done with it.
    expect(of.get(recorded.rejected)).toEqual({ asked_by: null, source: null });
    const others = approvalCalls(sql, 'another-agent');
    expect((await others.redeem(recorded.approved)).result).toBe('other_agent');
    expect((await others.cancel(recorded.pending)).result).toBe('other_agent');
  });

  it('lets a pending approval be decided and redeemed, once', async () => {
    const id = recorded.pending;
    await prolong(sql, id);
    const digests = await digestsOf(id);
    expect((await approvals.read(id)).status).toBe('pending');
    expect(
      (await approvals.decide(id, 'approved', 'operator:operator@actp.local', digests.action)).result,
    ).toBe('decided');
    expect((await approvals.redeem(id, digests.payload)).result).toBe('redeemed');
    expect((await approvals.redeem(id, digests.payload)).result).toBe('already_redeemed');
    expect((await approvals.outcome(id, 'succeeded')).result).toBe('recorded');
  });

  it('lets an approved one be redeemed, and only with its own payload', async () => {
    const id = recorded.approved;
    await prolong(sql, id);
    expect((await approvals.redeem(id, (await digestsOf(recorded.failed)).payload)).result).toBe(
      'digest_mismatch',
    );
    expect((await approvals.redeem(id, (await digestsOf(id)).payload)).result).toBe('redeemed');
  });

  it.each(['redeemed', 'succeeded', 'failed'] as const)(
    'lets the %s one not be redeemed again',
    async (state) => {
      const id = recorded[state];
      await prolong(sql, id);
      expect((await approvals.redeem(id, (await digestsOf(id)).payload)).result).toBe('already_redeemed');
    },
  );

  it.each(['rejected', 'cancelled', 'expired'] as const)(
    'lets the %s one not be decided or redeemed',
    async (state) => {
      const id = recorded[state];
      const { action, payload } = await digestsOf(id);
      expect(
        (await approvals.decide(id, 'approved', 'operator:operator@actp.local', action)).result,
      ).not.toBe('decided');
      expect((await approvals.redeem(id, payload)).result).not.toBe('redeemed');
      expect((await approvals.read(id)).status).toBe(state);
    },
  );

  it('still stops what an operator had stopped, and not what was lifted', async () => {
    const blocks = async (agent: string, action: string) => {
      const { rows } = await sql.query<{ by: { scope: string } | null }>(
        'select actp_kill_switch_blocks($1, $2) as by',
        [agent, action],
      );
      return rows[0]?.by?.scope;
    };
    expect(await blocks('mail-agent', 'payment.refund')).toBe('action:payment.*');
    expect(await blocks('old-agent', 'email.send')).toBe('agent:old-agent');
    expect(await blocks('mail-agent', 'post.create')).toBeUndefined();
    const { rows } = await sql.query<{ answer: { result: string } }>(
      'select request_approval($1, $2) as answer',
      [
        {
          action: 'payment.refund',
          details: {},
          requested_by: 'mail-agent',
          ttl_seconds: 60,
          grant_seconds: 60,
          action_digest: 'a'.repeat(64),
          payload_digest: 'b'.repeat(64),
          policy_version: 'v1',
        },
        context,
      ],
    );
    expect(rows[0]?.answer.result).toBe('kill_switch');
  });

  it('appends to the same audit log', async () => {
    const result = await verify();
    expect(result).toMatchObject({ ok: true, first_bad: null });
    expect(result.checked).toBeGreaterThan(before.get('actp_agent_audit_log')?.length ?? 0);
  });

  it('[TRU-001] goes on taking audit rows and requests of other programs, by the same key', async () => {
    const others = createClient(stores.env.SUPABASE_URL, stores.env.SUPABASE_SERVICE_ROLE_KEY);
    const row = { agent_id: 'ads', action_type: 'ads.deploy', status: 'ok', result: {} };
    expect((await others.from('actp_agent_audit_log').insert(row)).error).toBeNull();
    const request = { action: 'ads.deploy', details: {}, requested_by: 'ads' };
    expect((await others.from('actp_approval_queue').insert(request)).error).toBeNull();
    const read = await others
      .from('actp_agent_health_snapshots')
      .select('*')
      .order('created_at', { ascending: false })
      .limit(3);
    expect(read.error).toBeNull();
    const lifted = await others.rpc('lift_kill_switch', {
      p_scope: 'all',
      p_id: null,
      p_reason: null,
      p_actor: 'operator:a@b.c',
      p_context: {},
    });
    expect(lifted.error?.code).toBe('42501');
  });
});
