import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/controls.md'), 'utf8');
const sections = page.split(/^### /m).slice(1);
const references = [...page.matchAll(/`([\w/.-]+\.test\.ts)`: "([^"]+)"/g)].map(
  ([, file = '', title = '']) => [file, title] as const,
);

/** The first argument of what is called in a test file, where that is a text: `it('...', ` and `it.each(...)('...', ` among it. */
function titlesIn(file: string): Set<string> {
  const source = readFileSync(join(root, file), 'utf8');
  const first = /\(\s*(['"`])((?:\\.|(?!\1)[^\\])*?)\1\s*,/g;
  return new Set([...source.matchAll(first)].map(([, , text = '']) => plain(text)));
}
const plain = (text: string) => text.replaceAll(/\\(['"`])/g, '$1');

describe('docs/controls.md', () => {
  it('[NEXT-004] has every risk of both lists, in order', () => {
    const wanted = ['ASI', 'MCP'].flatMap((list) =>
      Array.from({ length: 10 }, (_, at) => `${list}${String(at + 1).padStart(2, '0')}`),
    );
    expect(sections.map((section) => section.slice(0, 5))).toEqual(wanted);
  });

  it.each(sections.map((section) => [section.split('\n')[0] ?? '', section]))(
    '[NEXT-004] claims nothing without a test, and says what is not answered: %s',
    (_, section) => {
      const claims = section.split('\n').filter((line) => line.startsWith('- '));
      expect(claims.length).toBeGreaterThan(0);
      for (const claim of claims)
        expect(claim).toMatch(/\(`[\w/.-]+\.test\.ts`: "[^"]+"(?:; `[^`]+`: "[^"]+")*\)$/);
      expect(section).toMatch(/^Not answered: ./m);
    },
  );

  it.each(references)('[NEXT-004] names tests that are there: %s', (file, title) => {
    expect(existsSync(join(root, file)), file).toBe(true);
    expect([...titlesIn(file)], title).toContain(title);
  });
});
