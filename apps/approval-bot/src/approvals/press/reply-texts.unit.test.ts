import { expect, it } from 'vitest';
import { approvalHead } from './approval-head.fixture.ts';
import { pressReplyText, refusalText } from './reply-texts.ts';
import { pressOf } from './press.ts';
import { authorizePress } from './authorize-press.ts';

const results = [
  'decided',
  'needs_more',
  'duplicate',
  'confirm',
  'taken_back',
  'confirm_expired',
  'not_yours',
  'already_decided',
  'expired',
  'digest_mismatch',
  'own_request',
  'not_found',
];

it('every answer is one that Telegram takes, however long the name of who decided', () => {
  const approval = approvalHead({
    status: 'approved',
    decided_by: `operator:${'a'.repeat(300)}@example.com`,
    decided_at: '2026-11-02T14:00:00.000Z',
    redeemed_at: '2026-11-02T14:00:00.000Z',
    outcome: 'succeeded',
  });
  for (const text of [
    ...results.map((result) => pressReplyText({ result, approval })),
    ...Object.values(refusalText),
  ]) {
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(200);
  }
});

const chat = { id: -1001, type: 'supergroup', title: 'Ops' } as const;
const access = { approverIds: new Set([42, 7, 1087968824, 136817688, 777000]), chatIds: new Set(['-1001']) };

function refusal(
  from: { id: number; is_bot: boolean },
  chatId: number | undefined = chat.id,
): string | undefined {
  const message = { chat: { ...chat, id: chatId }, message_id: 5, date: 1 };
  const query = { id: '1', chat_instance: '1', from: { ...from, first_name: 'X' }, message, data: 'x' };
  return authorizePress(pressOf(1, query, false), access);
}

it('presses of bots, anonymous administrators, channels and strangers, and in other chats, never count', () => {
  expect(refusal({ id: 42, is_bot: false })).toBeUndefined();
  expect(refusal({ id: 43, is_bot: false })).toBe('stranger');
  expect(refusal({ id: 7, is_bot: true })).toBe('not_a_person');
  for (const id of [1087968824, 136817688, 777000])
    expect(refusal({ id, is_bot: false })).toBe('not_a_person');
  expect(refusal({ id: 42, is_bot: false }, -1002)).toBe('other_chat');
  const inline = {
    id: '1',
    chat_instance: '1',
    inline_message_id: '9',
    from: { id: 42, is_bot: false, first_name: 'X' },
  };
  expect(authorizePress(pressOf(1, inline, false), access)).toBe('no_message');
});
