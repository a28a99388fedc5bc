import { describe, expect, it } from 'vitest';
import { authorizePress } from './authorize-press.ts';

const pressed = { userId: 42, isBot: false, message: { chatId: '-1' } } as Parameters<
  typeof authorizePress
>[0];
const access = { approverIds: new Set([42, 777_000]), chatIds: new Set(['-1']) };

describe('who may press', () => {
  it('is an approver in a chat for cards', () => {
    expect(authorizePress(pressed, access)).toBeUndefined();
  });

  it('is nobody when the list of approvers is empty', () => {
    expect(authorizePress(pressed, { ...access, approverIds: new Set() })).toBe('stranger');
  });

  it.each([
    ['somebody who is not listed', { userId: 43 }, 'stranger'],
    ['a bot', { isBot: true }, 'not_a_person'],
    ['an account that hides who it is', { userId: 777_000 }, 'not_a_person'],
    ['somebody on a message that is gone', { message: undefined }, 'no_message'],
  ])('is not %s', (_who, change, why) => {
    expect(authorizePress({ ...pressed, ...change }, access)).toBe(why);
  });

  it('is nobody elsewhere, nor where no chat is for cards', () => {
    expect(authorizePress(pressed, { ...access, chatIds: new Set(['-2']) })).toBe('other_chat');
    expect(authorizePress(pressed, { ...access, chatIds: new Set() })).toBe('other_chat');
  });
});
