import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { useTracer, type Tracer } from '@actp/shared/telemetry/tracer';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { asAgent, openVerbs, policyOf } from '../verbs.fixture.ts';
import { createApprovalCardStore } from './card-store.ts';
import { createPressStore } from './press-store.ts';
import { createReplyStore } from './reject-by-reply.ts';
import { requestApproval } from './request.ts';

const stores = await openStores();
const { deps, state, audited, sql } = await openVerbs(stores);
const bot = createDb(stores.env, 'bot', 20_000);
const presses = createPressStore(bot, () => state.policy);
const replies = createReplyStore(bot);
const cards = createApprovalCardStore(bot);
const critical = '{ action: pay, approval: required, critical: true }';

let messages = 100;
/** An approval whose card is a message of chat -1. */
async function shown(traceparent?: string) {
  const { id, version } = await requestApproval(
    deps,
    {
      ...{ action: 'pay', details: { amount: 5 }, requested_by: 'buyer', reason: null, ttl_seconds: 600 },
      ...{ chat_id: null, callback_url: null, idempotency: null },
    },
    asAgent(),
  );
  const messageId = ++messages;
  await cards.recordCard(id, { chatId: '-1', messageId, version });
  const stored = await cards.read(id);
  if (stored === undefined) throw new Error('no such approval');
  const actionDigest = stored.approval.action_digest ?? '';
  return { id, stored: { ...stored, traceparent }, actionDigest, chatId: '-1', messageId };
}
let updates = 0;
const by = (actor = 'telegram:42') => {
  updates += 1;
  return { actor, updateId: updates };
};
const press = (
  card: Awaited<ReturnType<typeof shown>>,
  over: Partial<Parameters<typeof presses.press>[0]> = {},
) => presses.press({ ...card, ...by(), decision: 'approved', confirmed: false, ...over });

beforeEach(() => {
  state.policy = policyOf('{ action: pay, approval: required }');
});

describe('a press', () => {
  it.each(['approved', 'rejected'] as const)('decides once: %s', async (decision) => {
    const card = await shown();
    const who = by();
    const decided = { id: card.id, status: decision, decided_by: 'telegram:42' };
    expect(await press(card, { ...who, decision })).toMatchObject({ result: 'decided', approval: decided });
    expect(await press(card, { ...who, decision })).toMatchObject({ result: 'duplicate' });
    const { rows } = await sql.query(
      `select agent_id, status, request_id from actp_agent_audit_log where approval_id = $1 and action_type = 'approval.decide'`,
      [card.id],
    );
    expect(rows).toEqual([{ agent_id: 'telegram:42', status: 'ok', request_id: `telegram-${who.updateId}` }]);
  });

  it.each([
    ['about something else', { actionDigest: 'a'.repeat(64) }, 'digest_mismatch'],
    ['under another message', { messageId: 1 }, 'other_message'],
    ['in another chat', { chatId: '-2' }, 'other_message'],
  ])('decides nothing when it is %s', async (_what, over, result) => {
    expect(await press(await shown(), over)).toMatchObject({ result, approval: { status: 'pending' } });
  });

  it('twice by the same person approves what is critical, also by the policy in force', async () => {
    const card = await shown();
    state.policy = policyOf(critical);
    expect(await press(card)).toMatchObject({ result: 'confirm', approval: { status: 'pending' } });
    expect(await press(card, { ...by('telegram:43'), confirmed: true })).toMatchObject({
      result: 'not_yours',
    });
    expect(await press(card, { confirmed: true })).toMatchObject({ result: 'decided' });
  });

  it('that was the first of two can be taken back', async () => {
    state.policy = policyOf(critical);
    const card = await shown();
    await press(card);
    const { actor, updateId } = by();
    const back = { id: card.id, actor, updateId };
    expect(await presses.withdraw(back)).toMatchObject({ result: 'taken_back', approval: { id: card.id } });
    expect(await presses.withdraw(back)).toMatchObject({ result: 'duplicate' });
    expect(await press(card, { confirmed: true })).toMatchObject({ result: 'confirm_expired' });
    const { rows } = await sql.query(
      `select agent_id from actp_agent_audit_log where approval_id = $1 and request_id = $2`,
      [card.id, `telegram-${updateId}`],
    );
    expect(rows).toEqual([{ agent_id: 'telegram:42' }]);
  });

  it('cannot be a yes to what the policy denies by now, by its details or by who asked', async () => {
    for (const when of ['details.amount > 3', "agent == 'buyer'"]) {
      const card = await shown();
      state.policy = policyOf(`{ action: pay, effect: deny, when: "${when}" }`);
      expect(await press(card)).toMatchObject({ result: 'policy_denied' });
      expect(await press(card, { decision: 'rejected' })).toMatchObject({ result: 'decided' });
      state.policy = policyOf('{ action: pay, approval: required }');
    }
  });

  it('that could not count is recorded once', async () => {
    const { updateId } = by();
    const facts = { refused: 'unknown', message_id: 5 };
    expect(await presses.recordRefused(updateId, 'telegram:9', facts)).toBe(true);
    expect(await presses.recordRefused(updateId, 'telegram:9', facts)).toBe(false);
    expect((await audited('approval.decide')).at(-1)).toMatchObject({
      ...{ agent_id: 'telegram:9', status: 'denied', result: facts },
    });
  });
});

describe('a reply to a card', () => {
  const reply = (
    card: Awaited<ReturnType<typeof shown>>,
    over: Partial<Parameters<typeof replies.reject>[0]> = {},
  ) => replies.reject({ ...card, reason: 'too dear', ...by(), ...over });

  it('is to the approval that the message shows', async () => {
    const { id, messageId } = await shown();
    expect(await replies.find('-1', messageId)).toBe(id);
    expect(await replies.find('-1', messageId + 1)).toBeUndefined();
    expect(await replies.find('-2', messageId)).toBeUndefined();
  });

  it('rejects with a reason, in which no secret and nothing unreadable stands', async () => {
    const key = ['actp', 'key', 'd'.repeat(64)].join('_');
    const card = await shown();
    const who = by();
    const { result, approval } = await reply(card, { ...who, reason: `no\0 \ud800 ${key}` });
    expect({ result, status: approval?.status, by: approval?.decided_by }).toEqual({
      ...{ result: 'decided', status: 'rejected', by: 'telegram:42' },
    });
    expect(approval?.decision_reason).toMatch(/^no \ufffd /);
    expect(approval?.decision_reason).not.toContain('d'.repeat(64));
    expect(await reply(card, who)).toMatchObject({ result: 'duplicate' });
    const { rows } = await sql.query(`select agent_id from actp_agent_audit_log where request_id = $1`, [
      `telegram-${who.updateId}`,
    ]);
    expect(rows).toEqual([{ agent_id: 'telegram:42' }]);
  });

  it('keeps as much of a reason as the API takes', async () => {
    const { approval } = await reply(await shown(), { reason: 'x'.repeat(3_000) });
    expect(approval?.decision_reason?.length).toBe(2_000);
  });

  it('gives a reason to a rejection that has none', async () => {
    const card = await shown();
    await press(card, { decision: 'rejected' });
    expect(await reply(card)).toMatchObject({
      ...{ result: 'reason_noted', approval: { decision_reason: 'too dear' } },
    });
  });

  it.each([
    ['about something else', { actionDigest: 'a'.repeat(64) }, 'digest_mismatch'],
    ['to another message', { messageId: 1 }, 'other_message'],
    ['in another chat', { chatId: '-2' }, 'other_message'],
  ])('rejects nothing when it is %s', async (_what, over, result) => {
    expect(await reply(await shown(), over)).toMatchObject({ result, approval: { status: 'pending' } });
  });
});

describe('the trace of a decision', () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const spans: unknown[] = [];
  const tracer: Tracer = {
    run(name, options, work) {
      if (!name.startsWith('db ')) spans.push([name, options.parent, options.attributes]);
      const none = () => undefined;
      return work({ set: none, rename: none, fail: none, carrier: none });
    },
    record: (name, { parent, attributes }) => void spans.push([name, parent, attributes]),
    stop: () => Promise.resolve(),
  };
  beforeEach(() => {
    spans.length = 0;
    useTracer(tracer);
  });
  atEnd(() => {
    useTracer(undefined);
  });

  it('is the one in which it was asked for', async () => {
    const card = await shown(traceparent);
    await sql.query('update actp_approval_queue set traceparent = $1', [traceparent]);
    await press(card);
    const decision = {
      'actp.approval_id': card.id,
      ...{ 'actp.action': 'pay', 'actp.decision': 'approved', 'actp.decided_in': 'telegram' },
    };
    expect(spans).toEqual([
      ['approval press', { traceparent }, { 'actp.approval_id': card.id }],
      ['approval decision', { traceparent }, decision],
    ]);
    // What does not count is no decision.
    spans.length = 0;
    await press(card);
    expect(spans).toHaveLength(1);
  });

  it('is that of a reply as well', async () => {
    const card = await shown();
    await sql.query('update actp_approval_queue set traceparent = $1 where id = $2', [traceparent, card.id]);
    await replies.reject({ ...card, ...by(), reason: 'no' });
    expect(spans).toMatchObject([['approval decision', { traceparent }, { 'actp.decision': 'rejected' }]]);
  });
});
