import { randomUUID } from 'node:crypto';
import type { SessionKind } from '@actp/services/sessions/kind';
import type { SessionPerson } from '@actp/services/sessions/person';
import type { Caller, CallerKind } from '../app-env.ts';
import type { AssertCallerLimit } from '../rate-limits/caller-limit.ts';
import { createCredentials, type AsItself } from './credentials.ts';
import { atRequest } from './request.fixture.ts';
import { issueToken } from './session-token.ts';

export const workerSecret = 'current-secret-of-the-tests-0123456789';
export const previousSecret = 'previous-secret-of-the-tests-0123456789';
export const sessionSecrets = {
  current: 'session-secret-of-the-tests-0123456789',
  previous: 'session-secret-of-before-0123456789',
};
export const key = 'actp_key_of-the-buyer';
const buyer = { id: 'buyer', actions: ['email.*'], validUntil: undefined };
const person = (role: 'operator' | 'user') => ({
  id: randomUUID(),
  email: `${role}@example.com`,
  name: null,
  role,
  session: randomUUID(),
});
export const operator = person('operator');
export const user = person('user');
export const asCaller = ({ role, id, email, session }: typeof operator): Caller => ({
  kind: role,
  id,
  email,
  session,
});

export const token = (
  of: { id: string; session: string },
  kind: SessionKind = 'api',
  secret = sessionSecrets.current,
) => issueToken(secret, { id: of.id, session: of.session, kind, seconds: 600 });
export const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

const unlimited: AssertCallerLimit = () => undefined;

/** Credentials over an agent with a key, an operator and a user who have logged in, and what they were asked for. */
export function openCredentials({ agentKeysRequired = false, limit = unlimited } = {}) {
  const holders = new Map([[key, buyer]]);
  const people = new Map<string, SessionPerson>(
    [operator, user].flatMap((one) => [
      [`api ${one.session}`, one],
      [`page ${one.session}`, one],
    ]),
  );
  const askedNames: string[] = [];
  const credentials = createCredentials(
    { workerSecrets: [workerSecret, previousSecret], sessionSecrets, agentKeysRequired },
    {
      holderOf: async (presented) => holders.get(presented),
      isTaken: async (name) => {
        askedNames.push(name);
        return name === 'buyer' || name === 'worker';
      },
      changed: () => undefined,
    },
    { read: async (id, kind) => people.get(`${kind} ${id}`), invalidate: () => undefined },
    limit,
  );
  const everybody: readonly CallerKind[] = ['agent', 'user', 'operator'];
  const assert = (headers: Record<string, string>, kinds = everybody, asItself?: AsItself) =>
    atRequest({ headers }, (c) => credentials.assert(c, kinds, asItself));
  return { credentials, assert, holders, people, askedNames };
}
