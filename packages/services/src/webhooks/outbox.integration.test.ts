import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { cancelApproval } from '../approvals/cancel.ts';
import { requestApproval } from '../approvals/request.ts';
import { asAgent, openVerbs } from '../verbs.fixture.ts';
import { createWebhookOutbox, type Webhook } from './outbox.ts';

const stores = await openStores();
const { deps, sql } = await openVerbs(stores);
const outbox = createWebhookOutbox(createDb(stores.env, 'scheduler', 20_000));
const url = 'https://agent.example/hook';

/** An approval that was cancelled, of which its callback_url has to hear. */
async function cancelled() {
  const { id } = await requestApproval(
    deps,
    {
      ...{ action: 'pay', details: {}, requested_by: 'buyer', reason: null, ttl_seconds: 600 },
      ...{ chat_id: null, callback_url: url, idempotency: null },
    },
    asAgent(),
  );
  return cancelApproval(deps, id, asAgent());
}
async function claimed(): Promise<Webhook> {
  const { id } = await cancelled();
  const [webhook] = await outbox.claim(1, id);
  if (webhook === undefined) throw new Error('nothing is due');
  return webhook;
}
const stateOf = async ({ approval_id }: Webhook) =>
  (
    await sql.query<{ state: string; last_error: string | null; seconds: number }>(
      `select state, last_error, round(extract(epoch from next_attempt_at - now()))::int as seconds
       from actp_approval_callbacks where approval_id = $1`,
      [approval_id],
    )
  ).rows[0];

beforeEach(() => sql.query('delete from actp_approval_callbacks'));

describe('a webhook', () => {
  it('is taken by one process at a time, with what its receiver has to hear', async () => {
    const approval = await cancelled();
    await cancelled();
    expect(await outbox.untried(approval.id)).toEqual([approval.version]);
    const [webhook, ...more] = await outbox.claim(9, approval.id);
    expect(more).toEqual([]);
    expect(webhook).toEqual({
      ...{ approval_id: approval.id, version: approval.version, type: 'cancelled', url, attempt: 1 },
      ...{ approval, traceparent: null, at: expect.any(String) as string },
    });
    expect(await outbox.untried(approval.id)).toEqual([]);
    expect(await outbox.claim(9, approval.id)).toEqual([]);
    const held = webhook && (await stateOf(webhook));
    expect(held?.seconds).toBeGreaterThan(0);
    expect(held?.seconds).toBeLessThanOrEqual(30);
    expect(await outbox.claim(1)).toHaveLength(1);
    expect(await outbox.claim(1)).toEqual([]);
  });

  it('is over once it was delivered, or given up with a reason', async () => {
    const [one, other] = [await claimed(), await claimed()];
    expect(await outbox.delivered(one)).toBe(true);
    expect(await stateOf(one)).toMatchObject({ state: 'delivered', last_error: null });
    expect(await outbox.givenUp(other, 'status 410')).toBe(true);
    expect(await stateOf(other)).toMatchObject({ state: 'given_up', last_error: 'status 410' });
    expect(await outbox.delivered(other)).toBe(false);
  });

  it('is tried again after a while', async () => {
    const webhook = await claimed();
    expect(await outbox.retry(webhook, 'status 503', 600)).toBe(true);
    const waiting = await stateOf(webhook);
    expect(waiting).toMatchObject({ state: 'waiting', last_error: 'status 503' });
    expect(waiting?.seconds).toBeGreaterThan(300);
    expect(await outbox.untried(webhook.approval_id)).toEqual([]);
    await outbox.retry(webhook, 'status 503', 0);
    expect(await outbox.claim(1, webhook.approval_id)).toMatchObject([{ attempt: 2 }]);
  });
});
