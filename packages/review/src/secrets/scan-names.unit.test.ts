import { describe, expect, it } from 'vitest';
import { toFinding } from '../findings/finding.ts';
import { bytesOf } from './byte-path.ts';
import { secretIn, secretsInFileName, secretsInRefName } from './observe.ts';
import { github, stripe } from './repository.fixture.ts';
import { safeName, secretsInName } from './scan-names.ts';

describe('[SEC-020] secrets in names', () => {
  it.each([
    [github, '[redacted:github-pat]'],
    [`src/${github}.ts`, 'src/[redacted:github-pat].ts'],
    [`a-${github}-old/b/c.ts`, 'a-[redacted:github-pat]-old'],
    [`grün/${github}.txt`, 'grün/[redacted:github-pat].txt'],
    [`refs/heads/fix_${github}`, 'refs/heads/fix_[redacted:github-pat]'],
  ])('are found and taken out: %#', (path, name) => {
    expect(secretsInName(bytesOf(path))).toMatchObject([{ name, kind: 'github-pat' }]);
  });

  it('are all taken out, also of findings about something else', () => {
    const path = bytesOf(`${github}/${stripe}.ts`);
    expect(secretsInName(path).map(({ name }) => name)).toEqual([
      '[redacted:github-pat]',
      expect.stringMatching(/^\[redacted:github-pat\]\/\[redacted:[a-z-]+\]\.ts$/),
    ]);
    const all = [
      ...secretsInFileName(path),
      ...secretsInFileName(path, 'commit 0123456789ab'),
      ...secretsInRefName(path),
      secretIn(path, { kind: 'jwt', line: 1, mark: 'abcd' }),
    ];
    expect(all).toHaveLength(7);
    const shown = JSON.stringify([all, all.map((seen) => toFinding('p', seen))]);
    for (const secret of [github, stripe]) expect(shown).not.toContain(secret);
  });

  it.each([
    'src/secrets/scan-names.ts',
    'app.3f2c9d1a.min.js',
    'ab/cdef0123456789abcdef0123456789abcdef01',
    'password=changeme.txt',
    'refs/heads/feature/token-rotation',
    'caf\xE9.ts',
  ])('are none: %s', (path) => {
    expect(secretsInName(path)).toEqual([]);
    expect(safeName(bytesOf(path))).toBe(path);
  });
});
