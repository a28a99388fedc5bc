import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { readTelegramState } from '../telegram/read-state.ts';
import { createRefusalStore } from '../telegram/refusal-store.ts';
import { asAgent, openVerbs } from '../verbs.fixture.ts';
import { createApprovalCardStore, isAskable, isPending } from './card-store.ts';
import { decideApproval } from './decide.ts';
import { requestApproval } from './request.ts';

const stores = await openStores();
const { deps, operator, sql } = await openVerbs(stores);
const ann = await operator('ann@example.com');
const cards = createApprovalCardStore(createDb(stores.env, 'bot', 20_000));

const request = (over: { chat_id?: string | null; details?: Record<string, unknown> } = {}) =>
  requestApproval(
    deps,
    {
      action: 'pay',
      details: { z: 1, a: 2 },
      requested_by: 'buyer',
      reason: null,
      ttl_seconds: 600,
      chat_id: null,
      callback_url: null,
      idempotency: null,
      ...over,
    },
    asAgent(),
  );
const due = (over: Partial<Parameters<typeof cards.due>[0]> = {}) =>
  cards.due({ chatId: '-1', withoutChats: [], withoutIds: [], limit: 10, ...over });
const read = async (id: string) => {
  const stored = await cards.read(id);
  if (stored === undefined) throw new Error('no such approval');
  return stored;
};

beforeEach(() => sql.query('truncate actp_approval_queue cascade'));

describe('the card of an approval', () => {
  it('is due in the chat of the settings, or in the one that was asked for', async () => {
    const [one, other] = [await request(), await request({ chat_id: '-2' })];
    expect(await due()).toEqual([
      { id: one.id, kind: 'deliver', chat_id: '-1' },
      { id: other.id, kind: 'deliver', chat_id: '-2' },
    ]);
    expect(await due({ chatId: undefined })).toMatchObject([{ id: other.id }]);
    expect(await due({ limit: 1 })).toMatchObject([{ id: one.id }]);
    expect(await due({ withoutIds: [one.id] })).toMatchObject([{ id: other.id }]);
    expect(await due({ withoutChats: ['-2'] })).toMatchObject([{ id: one.id }]);
  });

  it('shows the details in the order in which they were sent', async () => {
    const { id } = await request();
    const stored = await read(id);
    expect(JSON.parse(stored.details)).toEqual({ z: 1, a: 2 });
    expect(stored.details_order).toBe('{"z":0,"a":0}');
    expect(stored).toMatchObject({ approval: { id }, chat_id: null, message_id: null, outcome_result: null });
    expect(await cards.read(randomUUID())).toBeUndefined();
  });

  it('is known where it is, and due again when something has changed since', async () => {
    const { id, version, action_digest } = await request();
    await cards.recordCard(id, { chatId: '-1', messageId: 77, version });
    expect(await read(id)).toMatchObject({ chat_id: '-1', message_id: 77 });
    expect(await due()).toEqual([]);
    const decision = { decision: 'rejected', action_digest: action_digest ?? '', reason: null } as const;
    const decided = await decideApproval(deps, id, decision, ann);
    expect(await due()).toEqual([{ id, kind: 'edit', chat_id: '-1' }]);
    await cards.recordShown(id, decided.version);
    expect(await due()).toEqual([]);
  });

  it('that is not sent yet is counted, with what Telegram refuses', async () => {
    const refused = createRefusalStore(createDb(stores.env, 'bot', 20_000));
    expect(await readTelegramState(deps.db)).toEqual({ refusals: [], alerts: 0, cards: 0 });
    await request();
    for (const chat of ['-1', '-2']) await refused.record(chat, 'buttons', 'no rights');
    expect(await readTelegramState(deps.db)).toEqual({
      refusals: [{ what: 'buttons', reason: 'no rights', chats: 2 }],
      alerts: 0,
      cards: 1,
    });
    expect(await refused.clear('-1', ['buttons'])).toBe(1);
  });

  it('that is gone from its chat is due once more', async () => {
    const { id, version } = await request();
    await cards.recordCard(id, { chatId: '-1', messageId: 77, version });
    await cards.forgetCard(id, 78);
    expect(await due()).toEqual([]);
    await cards.forgetCard(id, 77);
    expect(await due()).toMatchObject([{ id, kind: 'deliver' }]);
    await cards.recordCard(id, { chatId: '-1', messageId: 79, version });
    expect(await cards.forgetCardsInOtherChats(['-1'])).toBe(0);
    expect(await cards.forgetCardsInOtherChats(['-3'])).toBe(1);
    expect(await due()).toMatchObject([{ id, kind: 'deliver' }]);
  });

  it('is one to decide until somebody has, or its time is over', async () => {
    const { id, action_digest } = await request();
    const stored = await read(id);
    expect([isPending(stored), isAskable(stored)]).toEqual([true, true]);
    const late = { ...stored, now: stored.approval.expires_at };
    expect([isPending(late), isAskable(late)]).toEqual([true, false]);
    const decision = { decision: 'rejected', action_digest: action_digest ?? '', reason: null } as const;
    await decideApproval(deps, id, decision, ann);
    const decided = await read(id);
    expect([isPending(decided), isAskable(decided)]).toEqual([false, false]);
  });
});
