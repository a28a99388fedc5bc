import { randomInt, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { AuditRow } from '@actp/shared/audit/event';
import type { Stores } from '@actp/testing/stores';
import { createDb } from '../client.ts';
import { checkpointDigest, type Checkpoint } from './checkpoint.ts';
import { createSigner } from './signature.ts';
import { verifyAuditLog } from './verify-log.ts';
import { writeAuditEvents } from './write-events.ts';

const signer = createSigner('audit-signing-key-of-the-tests-0123456789');

export const event = (over: Partial<AuditRow> = {}): AuditRow => ({
  event_id: randomUUID(),
  agent_id: 'ads-agent',
  action_type: 'ads.deploy',
  status: 'ok',
  result: { campaign: 7, text: 'hello "world", ünï \\ 🙂' },
  started_at: '2026-03-01T10:00:00.123Z',
  completed_at: '2026-03-01T10:00:01Z',
  ip_address: '203.0.113.9',
  user_agent: 'agent/1.0',
  request_id: randomUUID(),
  task_id: randomUUID(),
  approval_id: randomUUID(),
  error: 'none',
  source: 'plane',
  ...over,
});

export const events = (count: number) => Array.from({ length: count }, () => event());

/** A log to be tampered with, as its database's owner would. */
export function auditLog({ sql, env }: Pick<Stores, 'sql' | 'env'>) {
  const db = createDb(env, 'auditor', 60_000);
  let outside: Checkpoint | undefined;
  // Rows whose hash a checkpoint names: what happens to one of them is found another way.
  let signed: number[] = [];

  /** As the owner who turns every trigger off. */
  async function tamper(work: (owner: pg.PoolClient) => Promise<unknown>): Promise<void> {
    const owner = await sql.connect();
    try {
      await owner.query('begin');
      await owner.query('set local session_replication_role = replica');
      await work(owner);
      await owner.query('commit');
    } finally {
      owner.release();
    }
  }

  return {
    db,
    tamper,
    write: (count: number) => writeAuditEvents(db, events(count)),
    async empty() {
      outside = undefined;
      signed = [];
      await tamper((owner) =>
        // Not truncated, which makes new files for every day's partition and its indexes.
        owner.query(`delete from actp_agent_audit_log; delete from actp_audit.checkpoints; delete from actp_audit.event_ids;
          update actp_audit.lanes set seq = 0, hash = decode(repeat('00', 32), 'hex')`),
      );
    },
    /** Signs every chain's end, as the auditor does; or what is said instead. */
    async sign(said: { kind?: 'retired'; day?: string } = {}): Promise<Checkpoint> {
      const heads = await db.call((client) => client.rpc('audit_heads'));
      const n = (outside?.n ?? 0) + 1;
      const prev = outside ? checkpointDigest(outside) : '';
      const at = new Date().toISOString();
      const payload = JSON.stringify({ v: 1, n, kind: 'heads', at, prev, heads, ...said });
      const signature = signer.sign(payload);
      await db.call((client) =>
        client.rpc('record_audit_checkpoint', { p_n: n, p_payload: payload, p_signature: signature }),
      );
      outside = { n, payload, signature };
      const ends = await sql.query<{ seq: string }>('select seq from actp_audit.lanes');
      signed.push(...ends.rows.map(({ seq }) => Number(seq)));
      return outside;
    },
    outside: () => outside,
    verify: (over: Partial<Parameters<typeof verifyAuditLog>[0]> = {}) =>
      verifyAuditLog({ db, publicKey: signer.publicKey, outside, chunk: 100, ...over }),
    /** Some row of the longest chain, not its first and not its last, and none that a checkpoint names. */
    async somewhere(): Promise<{ day: string; lane: number; seq: number; end: number }> {
      const { rows } = await sql.query<{ day: string; lane: number; seq: string }>(
        'select day::text, lane, seq from actp_audit.lanes order by seq desc limit 1',
      );
      const { day = '', lane = 0, seq = '0' } = rows[0] ?? {};
      const end = Number(seq);
      const places = Array.from({ length: end - 2 }, (_, i) => i + 2).filter((n) => !signed.includes(n));
      return { day, lane, seq: places[randomInt(places.length)] ?? 0, end };
    },
  };
}

/** Computes a chain anew from a row on, with everything that needs no key. */
export async function recompute(owner: pg.PoolClient, lane: number, from: number): Promise<void> {
  await owner.query(`do $$
    declare
      r public.actp_agent_audit_log;
      before bytea := coalesce(
        (select hash from public.actp_agent_audit_log where chain_lane = ${lane} and chain_seq = ${from} - 1),
        decode(repeat('00', 32), 'hex'));
    begin
      for r in select * from public.actp_agent_audit_log where chain_lane = ${lane} and chain_seq >= ${from} order by chain_seq loop
        r.prev_hash := before;
        before := actp_audit.link(before, actp_audit.canonical(r));
        update public.actp_agent_audit_log set prev_hash = r.prev_hash, hash = before
        where chain_lane = ${lane} and chain_seq = r.chain_seq;
      end loop;
      update actp_audit.lanes set hash = before,
        seq = (select max(chain_seq) from public.actp_agent_audit_log where chain_lane = ${lane})
      where lane = ${lane} and seq > 0;
    end $$`);
}
