import { describe, expect, it } from 'vitest';
import { blockKind } from './block-kind.ts';
import { codeBlocks, type CodeBlock } from './code-blocks.ts';
import { consoleCommands } from './console-commands.ts';
import { differenceOf, withValues } from './shown-output.ts';

const fence = '```';
const only = (markdown: string): CodeBlock => {
  const [block, ...more] = codeBlocks('page.md', markdown);
  if (block === undefined || more.length > 0) throw new Error('not one block');
  return block;
};
const kindOf = (info: string, text: string, above = '') =>
  blockKind(only(`${above}\n${fence}${info}\n${text}\n${fence}`));

describe('the blocks of a page', () => {
  it('are found in lists, with tildes and with longer fences', () => {
    const page = `a\n\n- b\n\n  ${fence}sh\n  ls\n  ${fence}\n\n~~~\nx\n~~~\n\n${fence}${fence}md\n${fence}\n${fence}${fence}`;
    expect(codeBlocks('page.md', page).map(({ place, language, text }) => [place, language, text])).toEqual([
      ['page.md:5', 'sh', 'ls'],
      ['page.md:9', '', 'x'],
      ['page.md:13', 'md', fence],
    ]);
    expect(() => codeBlocks('page.md', `${fence}\nx`)).toThrow('page.md:1');
  });

  it('have a kind that is run, or a reason', () => {
    expect(kindOf('', '$ ls')).toBe('console');
    expect(kindOf('yaml', 'a: 1')).toBe('yaml');
    expect(kindOf('', 'a drawing')).toBeUndefined();
    expect(kindOf('text', 'a text', '<!-- not run: a message in Telegram -->')).toBe('not run');
    expect(kindOf('text', 'a text', '<!-- not run: no -->')).toBeUndefined();
    expect(
      kindOf('text', 'a text', '<!-- not run: a message in Telegram -->\n\nAnd a sentence.'),
    ).toBeUndefined();
    expect(kindOf('sh', 'npm start')).toBeUndefined();
    expect(kindOf('', '$ npm run policy -- check')).toBe('console');
  });
});

describe('a shown output', () => {
  const id = '7d0c5a4e-58a0-4a6b-9e2b-0d2f6c1b9a11';
  const shown = `{"id":"e7120d54-6d55-4247-a069-5acb6310a3ec","status":"pending", ... "at":"2026-11-22T08:52:40.503Z",...}`;

  it('may differ in ids, times and numbers, and in nothing else', () => {
    const output = `{"id":"${id}","status":"pending","n":2,"at":"2027-01-01T00:00:00Z","x":1}`;
    expect(differenceOf(shown, output, new Map())).toBeUndefined();
    expect(differenceOf(shown, output.replace('pending', 'approved'), new Map())).toContain('pending');
    expect(differenceOf('5 rows checked', '1,234 rows checked', new Map())).toBeUndefined();
    expect(differenceOf('5 rows checked', '5 rows were checked', new Map())).toContain('checked');
    expect(differenceOf('{"status":409}', '{"status":400}', new Map())).toContain('409');
    expect(differenceOf('a', 'a b', new Map())).toBe('a');
  });

  it('gives the commands after it the ids of now, also where they are shown cut', () => {
    const values = new Map<string, string>();
    differenceOf(shown, `{"id":"${id}","status":"pending","at":"2027-01-01T00:00:00Z","x":1}`, values);
    expect(withValues('get /e7120d54-6d55-4247-a069-5acb6310a3ec', values)).toBe(`get /${id}`);
    expect(withValues('get /e7120d54-.../events', values)).toBe(`get /${id}/events`);
    expect(differenceOf('{"id":"e7120d54-..."}', `{"id":"${id}"}`, values)).toBeUndefined();
    expect(differenceOf('{"id":"e7120d54-..."}', `{"id":"${id.replace('7', '8')}"}`, values)).toBeDefined();
  });

  it('belongs to the command above it', () => {
    expect(consoleCommands('$ a \\\n   b\none\ntwo\n\n$ c\n$ d\nthree')).toEqual([
      { command: 'a \\\n   b', output: 'one\ntwo' },
      { command: 'c', output: '' },
      { command: 'd', output: 'three' },
    ]);
  });
});
