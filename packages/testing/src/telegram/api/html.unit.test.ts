import { describe, expect, it } from 'vitest';
import { parseHtml } from './html.ts';

describe('HTML of a message', () => {
  it('becomes text and entities with offsets in UTF-16 units', () => {
    expect(parseHtml('😀 <b>bold <i>both</i></b> &lt;x&gt; &amp; &#33;')).toEqual({
      text: '😀 bold both <x> & !',
      entities: [
        { type: 'bold', offset: 3, length: 9 },
        { type: 'italic', offset: 8, length: 4 },
      ],
    });
  });

  it('makes one code block of <pre><code class="language-...">', () => {
    expect(parseHtml('<pre><code class="language-ts">let x</code></pre>').entities).toEqual([
      { type: 'pre', offset: 0, length: 5, language: 'ts' },
    ]);
    expect(parseHtml('<code class="language-ts">x</code>').entities).toEqual([
      { type: 'code', offset: 0, length: 1 },
    ]);
  });

  it('keeps links to real addresses and drops others', () => {
    const { text, entities } = parseHtml(
      '<a href="https://example.org/?a=1&amp;b=2">one</a> <a href="javascript:alert(1)">two</a> <a href="tg://user?id=42">three</a>',
    );
    expect(text).toBe('one two three');
    expect(entities.map(({ type }) => type)).toEqual(['text_link', 'text_mention']);
    expect(entities[0]).toMatchObject({ url: 'https://example.org/?a=1&b=2' });
  });

  it('knows spoilers and quotes that open', () => {
    const source =
      '<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span><blockquote expandable>c</blockquote>';
    expect(parseHtml(source).entities.map(({ type }) => type)).toEqual([
      'spoiler',
      'spoiler',
      'expandable_blockquote',
    ]);
  });

  it('leaves an ampersand alone that starts no known character', () => {
    expect(parseHtml('a & b &nbsp; &#0; &lt').text).toBe('a & b &nbsp; &#0; <');
  });

  it.each([
    ['<div>x</div>', 'Unsupported start tag "div" at byte offset 0'],
    ['ä <toString>', 'Unsupported start tag "tostring" at byte offset 3'],
    ['<b>x', 'Can\'t find end tag corresponding to start tag "b"'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
    ['<b', 'Unclosed start tag at byte offset 0'],
    ['<b>x</b', 'Unclosed end tag at byte offset 4'],
    ['<a href="x>y', 'Unclosed start tag at byte offset 0'],
    ['<a href>y</a>', 'Expected equal sign in declaration of an attribute of the tag "a"'],
    ['<span class="red">y</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('refuses %s', (source, why) => {
    expect(() => parseHtml(source)).toThrow(`Bad Request: can't parse entities: ${why}`);
  });
});
