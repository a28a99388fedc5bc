import { randomUUID } from 'node:crypto';
import { decode, sign } from 'hono/jwt';
import { describe, expect, it } from 'vitest';
import { issueToken, maxClockStepSeconds, readToken as readTokenOf } from './session-token.ts';

const sessionSeconds = 12 * 3_600;
const secret = 'the secret that signs these sessions, 32+';
const person = { id: randomUUID(), session: randomUUID() };
const user = { ...person, kind: 'api', seconds: sessionSeconds } as const;
const readToken = (key: string, token: string) => readTokenOf(key, token, 'api');
const hour = 3_600;
/** A session that began when the clock showed so many seconds more than now. */
const issuedAhead = (seconds: number) => issueToken(secret, user, () => Date.now() + seconds * 1_000);

describe('a session and the clock', () => {
  it.each([0, 1, 60, hour, 3 * hour, maxClockStepSeconds - 60])(
    'goes on when the clock is set back by %d seconds',
    async (seconds) => expect(await readToken(secret, await issuedAhead(seconds))).toEqual(person),
  );

  it.each([maxClockStepSeconds + 60, 24 * hour, 365 * 24 * hour])(
    'is not believed when it would begin in %d seconds',
    async (seconds) => expect(await readToken(secret, await issuedAhead(seconds))).toBeUndefined(),
  );

  it('ends after its time', async () => {
    expect(await readToken(secret, await issuedAhead(60 - sessionSeconds))).toEqual(person);
    expect(await readToken(secret, await issuedAhead(-sessionSeconds - 60))).toBeUndefined();
  });

  it('needs to say when it began', async () => {
    const exp = Math.floor(Date.now() / 1_000) + hour;
    const claims = { iss: 'actp-worker', aud: 'actp-api', sub: user.id, sid: user.session, exp };
    expect(await readToken(secret, await sign(claims, secret, 'HS256'))).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>]>([
    ['another issuer', { iss: 'somebody' }],
    ['another purpose', { aud: 'actp-device' }],
    ['no account', { sub: undefined }],
    ['no session', { sid: undefined }],
    ['a session without a proper id', { sid: 'x' }],
    ['no end', { exp: undefined }],
  ])('is not believed with %s', async (_what, over) => {
    const at = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: 'actp-worker',
      aud: 'actp-api',
      sub: user.id,
      sid: user.session,
      iat: at,
      exp: at + hour,
    };
    expect(await readToken(secret, await sign(claims, secret, 'HS256'))).toEqual(person);
    expect(await readToken(secret, await sign({ ...claims, ...over }, secret, 'HS256'))).toBeUndefined();
  });

  it('is signed with this secret, in this way', async () => {
    const token = await issuedAhead(0);
    expect(await readToken('another secret that signs sessions, 32+', token)).toBeUndefined();
    expect(await readToken(secret, `${token.split('.').slice(0, 2).join('.')}.`)).toBeUndefined();
    const at = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: 'actp-worker',
      aud: 'actp-api',
      sub: user.id,
      sid: user.session,
      iat: at,
      exp: at + hour,
    };
    expect(await readToken(secret, await sign(claims, secret, 'HS384'))).toBeUndefined();
  });

  it('is good for as many seconds as it was issued for', async () => {
    const { payload } = decode(await issueToken(secret, { ...user, seconds: 77 }, () => 1_000_999));
    expect(payload).toEqual({
      ...{ iss: 'actp-worker', aud: 'actp-api', sub: user.id, sid: user.session },
      ...{ iat: 1_000, exp: 1_077 },
    });
  });

  it('[TRU-003] is of one kind: a page’s token is no API token, and the other way round', async () => {
    const page = await issueToken(secret, { ...user, kind: 'page' });
    const api = await issueToken(secret, user);
    expect(await readTokenOf(secret, page, 'page')).toEqual(person);
    expect(await readTokenOf(secret, page, 'api')).toBeUndefined();
    expect(await readTokenOf(secret, api, 'page')).toBeUndefined();
  });
});
