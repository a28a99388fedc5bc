import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { approvalCalls, digest, payload, sha, type Answer } from './approvals.fixture.ts';

const stores = await openStores();
const calls = approvalCalls(stores.sql);

const rounds = 500;

/** Many approvals, for each of them several calls at the same moment. */
async function race(over: Record<string, unknown>, contestants: Array<(id: string) => Promise<Answer>>) {
  const approvals = await Promise.all(Array.from({ length: rounds }, () => calls.request(over)));
  return Promise.all(
    approvals.map(async ({ id }, round) => {
      // Another order each time, so that everybody is first sometimes.
      const order = contestants.map((_, i) => (i + round) % contestants.length);
      const results: string[] = Array.from({ length: contestants.length }, () => '');
      await Promise.all(
        order.map(async (who) => {
          const contestant = contestants[who];
          if (contestant) results[who] = (await contestant(id)).result;
        }),
      );
      return { id, results };
    }),
  );
}

const approve = (actor: string) => (id: string) => calls.decide(id, 'approved', actor);
const reject = (actor: string) => (id: string) => calls.decide(id, 'rejected', actor);

describe('races', () => {
  it('has exactly one winner when several people decide at once, and names who and when', async () => {
    const done = await race({}, [approve('telegram:1'), reject('telegram:2'), approve('operator:a@b.c')]);
    for (const { id, results } of done) {
      expect(results.filter((r) => r === 'decided')).toHaveLength(1);
      expect(results.filter((r) => r === 'already_decided')).toHaveLength(2);
      const winner = ['telegram:1', 'telegram:2', 'operator:a@b.c'][results.indexOf('decided')];
      expect(await calls.read(id)).toMatchObject({ decided_by: winner, decided_at: expect.any(String) });
    }
    const { rows } = await stores.sql.query(
      `select count(*)::int as n from actp_agent_audit_log
       where action_type = 'approval.decide' and status = 'ok' and created_at is not null`,
    );
    expect(rows[0]?.n).toBe(rounds);
  });

  it('has exactly one winner between a decision and a cancellation', async () => {
    const done = await race({}, [approve('telegram:1'), (id) => calls.cancel(id)]);
    for (const { results } of done) {
      expect([
        ['decided', 'already_decided'],
        ['already_decided', 'cancelled'],
      ]).toContainEqual(results);
    }
  });

  it('redeems once, however many try at once', async () => {
    const approvals = await Promise.all(Array.from({ length: rounds }, () => calls.request()));
    await Promise.all(approvals.map(({ id }) => calls.decide(id, 'approved')));
    await Promise.all(
      approvals.map(async ({ id }) => {
        const results = await Promise.all(Array.from({ length: 4 }, () => calls.redeem(id)));
        expect(results.map((r) => r.result).sort()).toEqual([
          'already_redeemed',
          'already_redeemed',
          'already_redeemed',
          'redeemed',
        ]);
      }),
    );
  });

  it('[SEC-011] never decides after expiry: at the boundary either the decision or the expiry wins', async () => {
    const approvals = await Promise.all(Array.from({ length: rounds }, () => calls.request()));
    // All of them end within the next moments, each at another one.
    await stores.sql.query(
      `update actp_approval_queue set expires_at = clock_timestamp() + random() * interval '700 milliseconds'
       where id = any ($1)`,
      [approvals.map((a) => a.id)],
    );
    const late = Date.now() + 800;
    while (Date.now() < late) {
      await Promise.all([
        ...approvals.map(({ id }) => (Math.random() < 0.05 ? calls.decide(id, 'approved') : undefined)),
        calls.expire(),
      ]);
    }
    await calls.expire();
    let decided = 0;
    for (const { id } of approvals) {
      const a = await calls.read(id);
      expect(['approved', 'expired']).toContain(a.status);
      if (a.status === 'approved') {
        decided += 1;
      }
    }
    // Asked of the database, which counts microseconds.
    const { rows: tooLate } = await stores.sql.query(
      `select id from actp_approval_queue where id = any ($1) and status = 'approved' and decided_at >= expires_at`,
      [approvals.map((a) => a.id)],
    );
    expect(tooLate).toEqual([]);
    // Both happened, so the race was one.
    expect(decided).toBeGreaterThan(0);
    expect(decided).toBeLessThan(rounds);
  });

  it('makes one approval of many equal requests under one key, and refuses another body', async () => {
    const request = { idempotency_key: 'key-1', request_digest: sha('body') };
    const made = await Promise.all(Array.from({ length: 50 }, () => calls.request(request)));
    expect(new Set(made.map((a) => a.id)).size).toBe(1);
    await expect(calls.request({ ...request, request_digest: sha('other') })).rejects.toThrow('refused');
  });

  it('needs two different people where two are wanted', async () => {
    const done = await race({ approvers: 2 }, [
      approve('telegram:1'),
      approve('telegram:1'),
      approve('telegram:2'),
    ]);
    for (const { id, results } of done) {
      expect(results.filter((r) => r === 'decided')).toHaveLength(1);
      const { rows } = await stores.sql.query(
        'select actor from actp_approval_votes where approval_id = $1',
        [id],
      );
      expect(rows.map((r: { actor: string }) => r.actor).sort()).toEqual(['telegram:1', 'telegram:2']);
    }
    const alone = await calls.request({ approvers: 2 });
    await calls.decide(alone.id, 'approved', 'telegram:1');
    await calls.decide(alone.id, 'approved', 'telegram:1');
    expect((await calls.redeem(alone.id)).result).toBe('not_approved');
    // One no is enough.
    expect((await calls.decide(alone.id, 'rejected', 'telegram:2')).result).toBe('decided');
  });

  it('takes a Telegram update once, in the transaction that decides', async () => {
    const { id } = await calls.request();
    await stores.sql.query('select record_approval_card($1, $2, 5, 1)', [id, '-100']);
    const press = { update_id: 77, chat_id: '-100', message_id: 5 };
    const results = await Promise.all(
      Array.from({ length: 10 }, () => calls.decide(id, 'approved', 'telegram:1', digest, press)),
    );
    expect(results.filter((r) => r.result === 'decided')).toHaveLength(1);
    expect(results.filter((r) => r.result === 'duplicate')).toHaveLength(9);
  });

  it('refuses a press on another copy of the card, in another chat, or before there was a card', async () => {
    const { id } = await calls.request();
    const press = (update_id: number, chat_id: string, message_id: number) =>
      calls.decide(id, 'approved', 'telegram:1', digest, { update_id, chat_id, message_id });
    expect((await press(100, '-100', 5)).result).toBe('other_message');
    await stores.sql.query('select record_approval_card($1, $2, 6, 1)', [id, '-100']);
    expect((await press(101, '-100', 5)).result).toBe('other_message');
    expect((await press(102, '-200', 6)).result).toBe('other_message');
    expect((await calls.read(id)).status).toBe('pending');
    expect((await press(103, '-100', 6)).result).toBe('decided');
  });

  it('refuses another digest, for the decision and for the redemption', async () => {
    const { id } = await calls.request();
    expect((await calls.decide(id, 'approved', 'telegram:1', sha('other'))).result).toBe('digest_mismatch');
    expect((await calls.decide(id, 'approved')).result).toBe('decided');
    expect((await calls.redeem(id, sha('other'))).result).toBe('digest_mismatch');
    expect((await calls.redeem(id, payload)).result).toBe('redeemed');
  });

  it.each(['worker', 'agent-1', 'telegram:', 'telegram:x', 'operator:', '', null])(
    'lets nobody decide as %j',
    async (actor) => {
      const { id } = await calls.request();
      await expect(
        stores.sql.query('select decide_approval($1, $2, $3, $4, null, null, null)', [
          id,
          'approved',
          digest,
          actor,
        ]),
      ).rejects.toThrow('only a person decides');
      expect((await calls.read(id)).status).toBe('pending');
    },
  );
});

describe('rights on the approval queue', () => {
  it('lets another program ask by inserting, and do nothing else', async () => {
    const headers = {
      apikey: stores.env.SUPABASE_SERVICE_ROLE_KEY,
      'content-type': 'application/json',
      prefer: 'return=representation',
    };
    const url = `${stores.env.SUPABASE_URL}/rest/v1/actp_approval_queue`;
    const send = (method: string, query: string, body: unknown) =>
      fetch(`${url}${query}`, { method, headers, body: JSON.stringify(body) });
    const ask = { action: 'ads.deploy', details: { budget: 5 }, requested_by: 'ads' };
    const made = await send('POST', '', ask);
    expect(made.status).toBe(201);
    const [row] = (await made.json()) as Array<{ id: string; status: string; action_digest: string | null }>;
    expect(row).toMatchObject({ status: 'pending', action_digest: null });
    // Without a digest there is nothing that a person could have said yes to.
    expect((await calls.decide(row?.id ?? '', 'approved')).result).toBe('digest_mismatch');

    for (const forged of [
      { status: 'approved', decided_by: 'telegram:1', decided_at: new Date().toISOString() },
      { expires_at: '2099-01-01T00:00:00Z' },
      { action_digest: digest },
    ]) {
      expect((await send('POST', '', { ...ask, ...forged })).status).toBe(403);
      expect((await send('PATCH', `?id=eq.${row?.id}`, forged)).status).toBe(403);
    }
    expect((await send('DELETE', `?id=eq.${row?.id}`, undefined)).status).toBe(403);
  });
});
