import { Context, type Api } from 'grammy';
import type { Message, User, UserFromGetMe } from 'grammy/types';
import { expect, it } from 'vitest';
import { mayCommand } from './may-command.ts';

const may = mayCommand({ approverIds: new Set([42, 1087968824]), chatId: -1001 });
const ann: User = { id: 42, is_bot: false, first_name: 'Ann' };
const group = (id: number) => ({ id, type: 'supergroup', title: 'Ops' }) as const;
const personal = (id: number) => ({ id, type: 'private', first_name: 'Ann' }) as const;

function allowed(message: Pick<Message, 'chat' | 'from' | 'sender_chat'>): boolean {
  const update = { update_id: 1, message: { message_id: 1, date: 1, text: '/status', ...message } };
  // The filter reads the update only; nothing is called.
  return may(new Context(update as never, {} as Api, {} as UserFromGetMe));
}

it('lets approvers command in their private chat and in the configured chat', () => {
  expect(allowed({ from: ann, chat: personal(42) })).toBe(true);
  expect(allowed({ from: ann, chat: group(-1001) })).toBe(true);
});

it('lets nobody else: strangers, other chats, bots, anonymous administrators, messages of a chat', () => {
  const mallory = { ...ann, id: 43 };
  expect(allowed({ from: mallory, chat: personal(43) })).toBe(false);
  expect(allowed({ from: mallory, chat: group(-1001) })).toBe(false);
  expect(allowed({ from: ann, chat: group(-1002) })).toBe(false);
  expect(allowed({ from: ann, chat: personal(43) })).toBe(false);
  expect(allowed({ from: { ...ann, is_bot: true }, chat: group(-1001) })).toBe(false);
  const anonymous = { id: 1087968824, is_bot: true, first_name: 'Group' };
  expect(allowed({ from: anonymous, sender_chat: group(-1001), chat: group(-1001) })).toBe(false);
  expect(allowed({ from: ann, sender_chat: group(-1001), chat: group(-1001) })).toBe(false);
  expect(allowed({ chat: group(-1001) })).toBe(false);
});

it('lets nobody when the list is empty', () => {
  const none = mayCommand({ approverIds: new Set(), chatId: 42 });
  const message = { message_id: 1, date: 1, text: '/status', from: ann, chat: personal(42) };
  const update = { update_id: 1, message };
  expect(none(new Context(update as never, {} as Api, {} as UserFromGetMe))).toBe(false);
});
