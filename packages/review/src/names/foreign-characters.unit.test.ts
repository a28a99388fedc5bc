import { describe, expect, it } from 'vitest';
import { toFinding } from '../findings/finding.ts';
import { readLockFile } from '../lock-files/read-lock-file.ts';
import { projectState } from '../project-state.fixture.ts';
import { typosquats } from './typosquats.ts';

const titlesOf = async (path: string, text: string) => {
  const lockFile = readLockFile(path, text);
  const { observations } = await typosquats.review(projectState({ lockFiles: [lockFile] }));
  return observations.map((seen) => toFinding('p', seen).title);
};
const npm = (...names: string[]) =>
  titlesOf(
    'package-lock.json',
    JSON.stringify({
      lockfileVersion: 3,
      packages: Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: '1.0.0' }])),
    }),
  );
const pip = (...names: string[]) =>
  titlesOf('requirements.txt', `${names.map((name) => `${name}==1.0.0`).join('\n')}\n`);

const invisible = [
  '\u200B',
  '\u200D',
  '\uFEFF',
  '\u00AD',
  '\u2060',
  '\u202E',
  '\u2066',
  '\u{E0061}',
  '\uFE0F',
  '\u3164',
  '\u180E',
  '\u034F',
  '\u2800',
  '\u00A0',
  '\u0007',
];

describe('[SEC-017] a name with a character that no registry takes', () => {
  it.each(invisible)('is a finding wherever %j stands, for every well-known name', async (character) => {
    const code = `⟦U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}⟧`;
    const inner = `exp${character}ress`;
    // Of the names that are imitated, of those that are only known, and within a known scope.
    const names = [
      `express${character}`,
      `${character}express`,
      inner,
      `abbrev${character}`,
      `@babel/types${character}`,
      `own-package${character}`,
    ];
    const titles = await npm(...names);
    expect(titles).toHaveLength(names.length);
    for (const title of titles) {
      expect(title).toContain(code);
      expect(title).not.toContain(character);
    }
    expect(await pip(`requests${character}`, `req${character}uests`)).toHaveLength(2);
  });

  it('is a finding when it looks like a letter', async () => {
    expect(await npm('ехpress', 'lоdash', 'abbrеv', '@bаbel/core', 'ｒｅａｃｔ')).toEqual([
      'ехpress looks like express',
      'lоdash looks like lodash',
      'abbrеv looks like abbrev',
      '@bаbel/core looks like @babel/core',
      'ｒｅａｃｔ looks like react',
    ]);
    // The sign for kelvin is a k in small letters, the long s an s in capitals.
    expect(await pip('to\u212Aenizers', 'reque\u017Ft\u017F')).toEqual([
      'to\u212Aenizers looks like tokenizers',
      'reque\u017Ft\u017F looks like requests',
    ]);
  });

  it('is shown with what it is without them when it is like no other', async () => {
    expect(await npm('our-payments\u200B')).toEqual([
      'our-payments⟦U+200B⟧ has characters that no registry takes; without them it is our-payments',
    ]);
  });
});
