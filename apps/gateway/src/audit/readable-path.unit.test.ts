import { expect, it } from 'vitest';
import { readablePath } from './readable-path.ts';

const token = ['ghp', 'Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0UvWxYz'].join('_');
const encoded = Array.from(token, (sign) => `%${sign.charCodeAt(0).toString(16)}`).join('');

it.each([
  ['as it is', `/v1/${token}`],
  ['behind percent signs', `/v1/${encoded}`],
  ['behind percent signs, among some that mean nothing', `/v1/${token}/%E0%A4%A`],
  // What is left of it behind a cut no rule knows any more.
  ['at the place where a long path is cut', `/v1/${'x/'.repeat(250)}${token}`],
  ['at the place where a long path is cut, behind percent signs', `/v1/${'x/'.repeat(250)}${encoded}`],
])('the path of the record holds no secret, nor a part of one: %s', (_where, path) => {
  const shown = readablePath(path);
  expect(shown).not.toContain(token.slice(0, 8));
  expect(shown.startsWith('/v1/')).toBe(true);
  expect(shown.length).toBeLessThanOrEqual(512);
});

it('has nothing that Postgres cannot store', () => {
  expect(readablePath('/v1/a%00b')).toBe('/v1/a%00b');
});
