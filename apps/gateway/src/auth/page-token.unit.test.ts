import { createHmac, hkdfSync, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPageTokens } from './page-token.ts';

const [current, previous] = [
  'the current session secret, 32 or more',
  'the previous session secret, 32 or more',
];
const session = randomUUID();
const byHand = (secret: string) =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', secret, '', 'actp page token v1', 32)))
    .update(session)
    .digest('base64url');

describe('[TRU-003] the second token of a page', () => {
  const tokens = createPageTokens({ current, previous });

  it('is made of the session and the current secret', () => expect(tokens.of(session)).toBe(byHand(current)));

  it('fits its session, also when it was made with the previous secret', () => {
    expect(tokens.fits(session, byHand(current))).toBe(true);
    expect(tokens.fits(session, byHand(previous))).toBe(true);
    expect(createPageTokens({ current, previous: undefined }).fits(session, byHand(current))).toBe(true);
    expect(createPageTokens({ current, previous: undefined }).fits(session, byHand(previous))).toBe(false);
  });

  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['that of another session', createPageTokens({ current, previous }).of(randomUUID())],
    ['its beginning', byHand(current).slice(0, -1)],
    ['more than it', `${byHand(current)}A`],
    ['another letter', `${byHand(current).slice(0, -1)}!`],
    ['that of another secret', byHand('another secret')],
    ['the session itself', session],
  ])('does not fit with %s', (_what, presented) => expect(tokens.fits(session, presented)).toBe(false));
});
