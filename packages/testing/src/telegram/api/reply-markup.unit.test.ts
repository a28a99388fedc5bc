import { describe, expect, it } from 'vitest';
import { readInlineKeyboard } from './reply-markup.ts';

const one = (button: object) => ({ reply_markup: { inline_keyboard: [[button]] } });

describe('inline keyboard', () => {
  it('is read from an object or from its JSON text', () => {
    const markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }], []] };
    const read = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] };
    expect(readInlineKeyboard({ reply_markup: markup })).toEqual(read);
    expect(readInlineKeyboard({ reply_markup: JSON.stringify(markup) })).toEqual(read);
  });

  it('counts callback data in bytes, 1 to 64', () => {
    expect(readInlineKeyboard(one({ text: 'x', callback_data: 'ä'.repeat(32) }))).toBeDefined();
    for (const callback_data of ['', 'ä'.repeat(33), 'x'.repeat(65)]) {
      expect(() => readInlineKeyboard(one({ text: 'x', callback_data }))).toThrow(
        'Bad Request: BUTTON_DATA_INVALID',
      );
    }
  });

  it.each([
    [{ reply_markup: '{' }, "can't parse reply keyboard markup JSON object"],
    [{ reply_markup: 7 }, 'object expected as reply markup'],
    [{ reply_markup: { inline_keyboard: {} } }, 'must be an Array of Arrays'],
    [{ reply_markup: { inline_keyboard: [{}] } }, 'must be an Array of Arrays'],
    [one({ callback_data: 'x' }), 'Field "text" must be of type String'],
    [one({ text: 'x' }), 'Text buttons are unallowed in the inline keyboard'],
    [one({ text: 'x', url: 'nowhere' }), "URL 'nowhere' is invalid"],
  ])('refuses %j', (params, why) => {
    expect(() => readInlineKeyboard(params)).toThrow(why);
  });

  it('is absent when there is none, when it is empty, and for other kinds of markup', () => {
    expect(readInlineKeyboard({})).toBeUndefined();
    expect(readInlineKeyboard({ reply_markup: { inline_keyboard: [] } })).toBeUndefined();
    expect(readInlineKeyboard({ reply_markup: { remove_keyboard: true } })).toBeUndefined();
  });
});
