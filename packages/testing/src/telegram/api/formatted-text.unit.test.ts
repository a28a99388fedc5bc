import { describe, expect, it } from 'vitest';
import { readCaption, readText } from './formatted-text.ts';

describe('text of a message', () => {
  it('is at most 4096 UTF-16 units after its markup is taken out', () => {
    const full = 'x'.repeat(4096);
    expect(readText({ text: `<b>${full}</b>`, parse_mode: 'HTML' }).text).toBe(full);
    expect(() => readText({ text: `${full}y` })).toThrow('Bad Request: message is too long');
    expect(readText({ text: '😀'.repeat(2048) }).text).toHaveLength(4096);
    expect(() => readText({ text: '😀'.repeat(2049) })).toThrow('message is too long');
  });

  it('must not be empty, with or without markup', () => {
    expect(() => readText({})).toThrow('Bad Request: message text is empty');
    expect(() => readText({ text: ' \n ' })).toThrow('Bad Request: text must be non-empty');
    expect(() => readText({ text: '<b></b>', parse_mode: 'HTML' })).toThrow('text must be non-empty');
  });

  it('loses white space at both ends, and entities move along', () => {
    expect(readText({ text: '\n <b>hi </b> ', parse_mode: 'html' })).toEqual({
      text: 'hi',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    });
  });

  it('takes entities in place of markup, and refuses those outside of the text', () => {
    const bold = { type: 'bold', offset: 1, length: 2 };
    expect(readText({ text: 'abc', entities: [bold] }).entities).toEqual([bold]);
    expect(readText({ text: 'abc', entities: JSON.stringify([bold]) }).entities).toEqual([bold]);
    expect(() => readText({ text: 'ab', entities: [bold] })).toThrow('lies outside of the text');
    expect(() => readText({ text: 'ab', entities: [{ type: 'bold' }] })).toThrow('MessageEntity');
    expect(() => readText({ text: 'ab', entities: '[' })).toThrow("can't parse entities JSON");
  });

  it('knows no Markdown', () => {
    expect(() => readText({ text: 'x', parse_mode: 'MarkdownV2' })).toThrow(
      'Bad Request: unsupported parse_mode',
    );
  });

  it('may be missing under a document, and is shorter there', () => {
    expect(readCaption({})).toBeUndefined();
    expect(() => readCaption({ caption: 'x'.repeat(1025) })).toThrow('caption is too long');
  });
});
