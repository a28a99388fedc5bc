import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '@actp/shared/errors';
import type { Caller } from '../app-env.ts';
import {
  asCaller,
  bearer,
  key,
  openCredentials,
  operator,
  previousSecret,
  sessionSecrets,
  token,
  user,
  workerSecret,
} from './credentials.fixture.ts';
import { createPageTokens } from './page-token.ts';
import { atRequest } from './request.fixture.ts';

const refusal = (code: string, message: string) => expect.objectContaining({ code, message, fields: [] });
const unauthenticated = refusal('unauthenticated', 'a valid credential is needed: Authorization: Bearer ...');

describe('[SEC-014] the caller', () => {
  it.each<[string, Record<string, string>, Caller]>([
    ['the worker secret', bearer(workerSecret), { kind: 'agent', id: 'worker' }],
    ['the worker secret of before', bearer(previousSecret), { kind: 'agent', id: 'worker' }],
    [
      'the worker secret in its own header',
      { 'x-worker-secret': workerSecret },
      { kind: 'agent', id: 'worker' },
    ],
    [
      'the worker secret beside another token',
      { ...bearer('x'), 'x-worker-secret': workerSecret },
      { kind: 'agent', id: 'worker' },
    ],
    [
      'the worker secret, however it is written',
      { authorization: `bearer   ${workerSecret}` },
      { kind: 'agent', id: 'worker' },
    ],
    [
      'the worker secret and a name',
      { ...bearer(workerSecret), 'x-agent-id': 'seller' },
      { kind: 'agent', id: 'seller' },
    ],
    [
      'a name with blanks',
      { ...bearer(workerSecret), 'x-agent-id': 'agent 7: ads' },
      { kind: 'agent', id: 'agent 7: ads' },
    ],
  ])('is an agent by %s', async (_what, headers, caller) => {
    expect(await openCredentials().assert(headers)).toEqual(caller);
  });

  it.each<[string, Record<string, string>]>([
    ['as a token', bearer(key)],
    ['in the header of the worker secret', { 'x-worker-secret': key }],
    ['beside the worker secret', { ...bearer(workerSecret), 'x-worker-secret': key }],
    ['with its own name', { ...bearer(key), 'x-agent-id': 'buyer' }],
  ])('is the agent whose key is shown: %s', async (_how, headers) => {
    const { assert, holders } = openCredentials({ agentKeysRequired: true });
    const caller = await assert(headers, ['agent'], 'acts');
    expect(caller).toEqual({
      kind: 'agent',
      id: 'buyer',
      actions: ['email.*'],
      ownKey: true,
      stillValid: expect.any(Function),
    });
    if (caller.kind !== 'agent') return;
    expect(await caller.stillValid?.()).toBe(true);
    holders.clear();
    expect(await caller.stillValid?.()).toBe(false);
  });

  it('is a person by the token of a session that lives', async () => {
    for (const one of [operator, user]) {
      expect(await openCredentials().assert(bearer(await token(one)))).toEqual(asCaller(one));
      const earlier = await token(one, 'api', sessionSecrets.previous);
      expect(await openCredentials().assert(bearer(earlier))).toEqual(asCaller(one));
    }
  });

  it.each<[string, () => Promise<Record<string, string>> | Record<string, string>]>([
    ['nothing', () => ({})],
    ['a wrong secret', () => bearer(`${workerSecret}x`)],
    ['another scheme', () => ({ authorization: `Basic ${workerSecret}` })],
    ['a scheme that only ends alike', () => ({ authorization: `XBearer ${workerSecret}` })],
    ['no scheme', () => ({ authorization: workerSecret })],
    ['no blank after it', () => ({ authorization: `Bearer${workerSecret}` })],
    [
      'a wrong key beside the worker secret',
      () => ({ ...bearer(workerSecret), 'x-worker-secret': 'actp_key_x' }),
    ],
    ['a token of a page', async () => bearer(await token(operator, 'page'))],
    [
      'a token of a session that has ended',
      async () => bearer(await token({ ...operator, session: randomUUID() })),
    ],
    [
      'a token of somebody else’s session',
      async () => bearer(await token({ ...operator, session: user.session })),
    ],
    [
      'a token that is signed with another secret',
      async () => bearer(await token(operator, 'api', workerSecret)),
    ],
    [
      'a token in the header of the worker secret',
      async () => ({ 'x-worker-secret': await token(operator) }),
    ],
    ['the cookie of a page', async () => ({ cookie: `actp_session=${await token(operator, 'page')}` })],
  ])('is nobody with %s', async (_what, headers) => {
    await expect(openCredentials().assert(await headers())).rejects.toEqual(unauthenticated);
  });
});

describe('what a caller may call', () => {
  it('is a matter of its kind', async () => {
    const { assert } = openCredentials();
    await expect(assert(bearer(workerSecret), ['operator'])).rejects.toEqual(
      refusal('forbidden', 'operator credentials only'),
    );
    await expect(assert(bearer(await token(user)), ['operator', 'agent'])).rejects.toEqual(
      refusal('forbidden', 'operator or agent credentials only'),
    );
    expect(await assert(bearer(await token(operator)), ['operator', 'agent'])).toEqual(asCaller(operator));
  });

  it('is counted before anything else, and the caller is known by then', async () => {
    const tooMany = new AppError('rate_limited', 'x');
    const met: Array<Caller | undefined> = [];
    const { assert } = openCredentials({
      agentKeysRequired: true,
      limit: async (c) => {
        met.push(c.get('caller'));
        throw tooMany;
      },
    });
    await expect(assert(bearer(workerSecret), ['operator'], 'acts')).rejects.toBe(tooMany);
    await expect(assert({}, ['operator'])).rejects.toEqual(unauthenticated);
    expect(met).toEqual([{ kind: 'agent', id: 'worker' }]);
  });
});

describe('[TRU-003] the caller behind a page', () => {
  const pageToken = (of: { session: string }) => ({
    'x-page-token': createPageTokens(sessionSecrets).of(of.session),
  });
  const cookie = async (of: typeof operator, name = 'actp_session') => ({
    cookie: `${name}=${await token(of, 'page')}`,
  });
  const session = (headers: Record<string, string>, proof: 'cookie' | 'page-token') =>
    atRequest({ headers }, (c) => openCredentials().credentials.session(c, proof));

  it('is shown by the cookie where that is enough', async () => {
    expect(await session(await cookie(operator), 'cookie')).toEqual(asCaller(operator));
    expect(await session(await cookie(user, '__Host-actp_session'), 'cookie')).toEqual(asCaller(user));
    const both = `${(await cookie(operator)).cookie}; ${(await cookie(user, '__Host-actp_session')).cookie}`;
    expect(await session({ cookie: both }, 'cookie')).toEqual(asCaller(user));
  });

  it('has to show the second token as well for everything else', async () => {
    const both = { ...(await cookie(operator)), ...pageToken(operator) };
    expect(await session(both, 'page-token')).toEqual(asCaller(operator));
    expect(await session(await cookie(operator), 'page-token')).toBeUndefined();
    expect(await session({ ...both, ...pageToken(user) }, 'page-token')).toBeUndefined();
    expect(await session(pageToken(operator), 'page-token')).toBeUndefined();
  });

  it('may be any other credential when it is no session of a page', async () => {
    const program = bearer(await token(user));
    expect(await session(program, 'page-token')).toEqual(asCaller(user));
    expect(await session({ ...(await cookie(operator)), ...program }, 'page-token')).toEqual(asCaller(user));
    expect(await session({ ...(await cookie(operator)), ...program }, 'cookie')).toEqual(asCaller(operator));
    expect(await session({ cookie: `actp_session=${await token(operator)}` }, 'cookie')).toBeUndefined();
    expect(await session({}, 'cookie')).toBeUndefined();
  });
});

describe('a caller who was let through', () => {
  it('is refused once the session has ended', async () => {
    const { credentials, people } = openCredentials();
    await credentials.assertStill(asCaller(operator));
    people.clear();
    await expect(credentials.assertStill(asCaller(operator))).rejects.toEqual(
      refusal('unauthenticated', 'the session has ended'),
    );
  });
});
