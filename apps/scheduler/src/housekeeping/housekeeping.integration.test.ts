import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openHousekeeping } from './housekeeping.fixture.ts';

const plane = await openHousekeeping();

async function insert(action: string, details: string): Promise<string> {
  const { rows } = await plane.sql.query<{ id: string }>(
    `insert into actp_approval_queue (action, details, requested_by) values ($1, $2, 'ads') returning id`,
    [action, details],
  );
  return rows[0]?.id ?? '';
}

describe('without Telegram', () => {
  it('approvals expire on time, once however many copies run', async () => {
    await Promise.all([plane.start(), plane.start(), plane.start()]);
    const ids = await Promise.all(Array.from({ length: 5 }, () => plane.request({ ttl_seconds: 60 })));
    for (const id of ids) await plane.elapse(id, 61);
    for (const id of ids) await eventually(async () => (await plane.audit(id)).includes('approval.expire'));
    for (const id of ids) expect(await plane.audit(id)).toEqual(['approval.request', 'approval.expire']);
  });

  it('approvals expire on time while Redis is away too', async () => {
    await plane.start({ REDIS_URL: 'redis://127.0.0.1:1' });
    const id = await plane.request({ ttl_seconds: 60 });
    await plane.elapse(id, 61);
    await eventually(async () => (await plane.audit(id)).includes('approval.expire'));
  });

  it('an approval that another program inserted gets its digest and its time', async () => {
    await plane.start({ APPROVAL_TTL_SECONDS: 100 });
    const id = await insert('ads.deploy', '{"budget_usd": 5}');
    const approval = await eventually(async () => {
      const now = await plane.read(id);
      return now.action_digest !== null && now;
    });
    expect(approval.action_digest).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(approval.expires_at) - Date.parse(approval.created_at)).toBe(100_000);
    expect(await plane.audit(id)).toEqual(['approval.request']);
  });

  it('one that could not have come over HTTP is cancelled, and holds up no other', async () => {
    await plane.start();
    const odd = [await insert('ads\u200B.deploy', '{}'), await insert('pay', '{"n": 9007199254740993}')];
    const good = await insert('pay', '{"n": 0.1}');
    for (const id of odd) await eventually(async () => (await plane.read(id)).status === 'cancelled');
    await eventually(async () => (await plane.read(good)).action_digest !== null);
  });

  it('stale reservations are released, and uses that no limit counts any more are forgotten', async () => {
    const { sql } = plane;
    const { rows } = await sql.query<{ id: string }>(
      `insert into actp_users (email, password_hash) values ('user@example.com', 'x') returning id`,
    );
    const reservation = {
      id: randomUUID(),
      user_id: rows[0]?.id,
      agent: 'purchase',
      amount_minor: 5,
      budget_minor: 10,
      ttl_seconds: 600,
    };
    await sql.query(`select reserve_spend($1, '{}')`, [reservation]);
    await sql.query(`update actp_spend_reservations set expires_at = now()`);
    const claims = [{ counter: 'c', amount: 1, max: 1, seconds: 1, over: 'deny' }];
    await sql.query(`select claim_limits('a', 'b', $1)`, [JSON.stringify(claims)]);
    await sql.query(`update actp_limit_grants set keep_until = now()`);
    await plane.start();
    await eventually(async () => {
      const { rows: left } = await sql.query(
        `select 1 from actp_spend_reservations where state = 'reserved'`,
      );
      return left.length === 0;
    });
    await eventually(async () => (await sql.query('select 1 from actp_limit_uses')).rows.length === 0);
  });
});

it('callbacks without a secret to sign them do not start', async () => {
  await expect(plane.start({ CALLBACK_ORIGINS: ['http://127.0.0.1:9'] })).rejects.toThrow(
    'CALLBACK_SECRET: must be set when CALLBACK_ORIGINS is',
  );
});

it('a policy that is not valid does not start', async () => {
  await expect(plane.start({ POLICY_FILE: 'config/selftest.yaml' })).rejects.toThrow(
    'POLICY_FILE: is not a valid policy',
  );
  await expect(plane.start({ POLICY_FILE: 'config/none.yaml' })).rejects.toThrow(
    'POLICY_FILE: there is no such file',
  );
});
