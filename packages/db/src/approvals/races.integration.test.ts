import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { approvalCalls, digest, payload, sha } from './approvals.fixture.ts';
import { races } from './races.fixture.ts';

const stores = await openStores();
const calls = approvalCalls(stores.sql);

describe('races', () => {
  races(stores, 100);

  it('makes one approval of many equal requests under one key, and refuses another body', async () => {
    const request = { idempotency_key: 'key-1', request_digest: sha('body') };
    const made = await Promise.all(Array.from({ length: 50 }, () => calls.request(request)));
    expect(new Set(made.map((a) => a.id)).size).toBe(1);
    await expect(calls.request({ ...request, request_digest: sha('other') })).rejects.toThrow('refused');
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
