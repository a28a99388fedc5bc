import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { asAgent, openVerbs, policyOf } from '../verbs.fixture.ts';
import { cancelApproval } from './cancel.ts';
import { listWaitingApprovals } from './list-waiting.ts';
import { readPlainCard } from './read-card.ts';
import { requestApproval } from './request.ts';

const stores = await openStores();
const { deps, state, sql } = await openVerbs(stores);
const card = (id: string) => readPlainCard(deps, id, 'Europe/Vienna');

const request = (ttl_seconds = 600, details: Record<string, unknown> = { amount: 5 }) =>
  requestApproval(
    deps,
    {
      ...{ action: 'pay', details, requested_by: 'me', reason: null, ttl_seconds },
      ...{ chat_id: null, callback_url: null, idempotency: null },
    },
    asAgent(),
  );

beforeEach(() => {
  state.policy = policyOf('{ action: pay, approval: required }');
});

it('lists what waits for people, the most urgent first', async () => {
  const bot = createDb(stores.env, 'bot', 20_000);
  expect(await listWaitingApprovals(bot, 2)).toMatchObject({ waiting: 0, approvals: [] });
  const [third, first, second] = [await request(900), await request(300), await request(600)];
  await cancelApproval(deps, (await request(60)).id, asAgent());
  const { now, waiting, approvals } = await listWaitingApprovals(bot, 2);
  expect(waiting).toBe(3);
  expect(approvals.map(({ id }) => id)).toEqual([first.id, second.id]);
  expect(approvals[0]).toMatchObject({ action: 'pay', requested_by: 'me', agent_id: 'buyer' });
  const [next] = approvals;
  expect(Date.parse(next?.created_at ?? '')).toBe(Date.parse(first.created_at));
  expect(Date.parse(next?.expires_at ?? '')).toBe(Date.parse(first.expires_at));
  expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(third.created_at));
});

it('shows people without Telegram what waits, in their time', async () => {
  const { id } = await request();
  await sql.query(
    `update actp_approval_queue set created_at = '2030-07-01T10:00Z', expires_at = '2030-07-01T10:10Z' where id = $1`,
    [id],
  );
  const shown = await card(id);
  expect(shown).toMatchObject({ approval: { id, critical: false, approvers: 1 }, approvable: true });
  expect(shown.card).toContain('12:10');
  expect(shown.card).toMatch(/amount.*5/);
});

it.each([
  ['{ action: pay, approval: required, critical: true }', { critical: true, approvers: 1 }],
  ['{ action: pay, approval: required, approvers: 3 }', { critical: false, approvers: 3 }],
])('holds it to what the policy asks for by now: %s', async (gate, approval) => {
  const { id } = await request();
  state.policy = policyOf(gate);
  const { card: text, approval: shown } = await card(id);
  expect(shown).toMatchObject(approval);
  expect(text).toMatch(approval.critical ? /critical/i : /3/);
});

it('holds it to what was asked for, where the policy has become less strict', async () => {
  state.policy = policyOf('{ action: pay, approval: required, critical: true, approvers: 3 }');
  const { id } = await request();
  state.policy = policyOf('{ action: pay, approval: required }');
  expect((await card(id)).approval).toMatchObject({ critical: true, approvers: 3 });
});

it('offers no yes to what it cannot show in full', async () => {
  const { id } = await request(600, { text: 'a long text '.repeat(6_000) });
  expect(await card(id)).toMatchObject({ approvable: false });
});

it('says what became of it', async () => {
  const { id } = await request();
  await cancelApproval(deps, id, asAgent());
  const { approval, approvable, card: text } = await card(id);
  expect(approval).toMatchObject({ id, status: 'cancelled' });
  expect(approvable).toBe(false);
  expect(text).toMatch(/cancelled/i);
  await expect(card(randomUUID())).rejects.toMatchObject({ code: 'not_found', message: 'no such approval' });
});
