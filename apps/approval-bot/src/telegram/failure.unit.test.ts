import { GrammyError } from 'grammy';
import { describe, expect, it } from 'vitest';
import { failureOf } from './failure.ts';
import { shownReason } from './refusal-texts.ts';

function kindOf(code: number, description: string, parameters = {}): string {
  const answer = { ok: false as const, error_code: code, description, parameters };
  return failureOf(new GrammyError('refused', answer, 'sendMessage', { chat_id: -501 })).kind;
}

describe('a refusal of Telegram', () => {
  it.each([
    'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"',
    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    'message is too long',
    'message text is empty',
    'text must be encoded in UTF-8',
    'ENTITY_TEXTURL_INVALID',
    'ENTITIES_TOO_LONG',
    'BUTTON_DATA_INVALID',
    'REPLY_MARKUP_INVALID',
    'MESSAGE_TOO_LONG',
    // It quotes the text, which says something else.
    'can\'t parse entities: unsupported start tag "not enough rights" at byte offset 3',
    "inline keyboard button URL 'chat not found' is invalid: Wrong HTTP URL",
  ])('is one of the text: %s', (description) => {
    expect(kindOf(400, `Bad Request: ${description}`)).toBe('bad_text');
  });

  it.each([
    'chat not found',
    'group chat was upgraded to a supergroup chat',
    'TOPIC_CLOSED',
    'TOPIC_DELETED',
    'message thread not found',
    'not enough rights to send text messages to the chat',
    'not enough rights to send messages with an inline keyboard to the chat',
    'need administrator rights in the channel chat',
    'have no rights to send a message',
    'CHAT_WRITE_FORBIDDEN',
    'CHAT_RESTRICTED',
    'CHAT_SEND_PLAIN_FORBIDDEN',
    'CHAT_ADMIN_REQUIRED',
    'CHANNEL_PRIVATE',
    'PEER_ID_INVALID',
    'USER_IS_BLOCKED',
    'INPUT_USER_DEACTIVATED',
    "can't parse chat identifier",
  ])('is none of the text: %s', (description) => {
    expect(['refused', 'unclear']).toContain(kindOf(400, `Bad Request: ${description}`));
  });

  it.each(['bot was blocked by the user', 'bot was kicked from the supergroup chat', 'message is too long'])(
    'of code 403 is one of the chat, whatever it says: %s',
    (description) => expect(kindOf(403, `Forbidden: ${description}`)).toBe('refused'),
  );

  it.each([
    [400, 'Bad Request'],
    [400, 'Bad Request: WHATEVER_COMES_NEXT'],
    [400, ''],
    [402, 'Payment Required'],
    [418, "I'm a teapot"],
  ])('that nobody knows is unclear: %i %s', (code, description) => {
    expect(kindOf(code, description)).toBe('unclear');
  });

  it('of a group that is a supergroup now names both', () => {
    const answer = {
      ok: false as const,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: -1000000000501 },
    };
    const error = new GrammyError('refused', answer, 'sendMessage', { chat_id: -501 });
    expect(failureOf(error)).toMatchObject({ kind: 'moved', from: '-501', to: '-1000000000501' });
  });

  it.each([
    [420, 'FLOOD_WAIT_17', 17_000],
    [400, 'Bad Request: SLOWMODE_WAIT_3', 3_000],
    [429, 'Too Many Requests: retry later', 5_000],
  ])('for too many messages says how long to wait: %i %s', (code, description, ms) => {
    const answer = { ok: false as const, error_code: code, description };
    const error = new GrammyError('refused', answer, 'sendMessage', {});
    expect(failureOf(error)).toMatchObject({ kind: 'limited', retryAfterMs: ms });
  });

  it('for a change of a message that is gone is neither', () => {
    expect(kindOf(400, 'Bad Request: message to edit not found')).toBe('gone');
    expect(kindOf(400, "Bad Request: message can't be edited")).toBe('gone');
  });
});

describe('what anyone may read of a refusal', () => {
  it('is short and holds no address, secret or control character', () => {
    const token = `4242424242:${'A'.repeat(35)}`;
    const shown = shownReason(
      `Forbidden: http://u:p@host/bot${token}/x ${token}\u001B[31m\n${'x'.repeat(500)}`,
    );
    expect(shown).not.toContain('AAAA');
    expect(shown).not.toContain('host');
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(shown).not.toMatch(/[\u0000-\u001F]/);
    expect(shown.length).toBeLessThanOrEqual(120);
  });

  it('is never empty', () => {
    expect(shownReason('\n')).toBe('no reason given');
  });
});
