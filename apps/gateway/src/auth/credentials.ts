import { getCookie } from 'hono/cookie';
import type { Context } from 'hono';
import type { SessionCache } from '@actp/services/sessions/cache';
import type { SessionKind } from '@actp/services/sessions/kind';
import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError } from '@actp/shared/errors';
import { isReservedName, reservedNameRule } from '@actp/shared/names/reserved';
import { looksLikeAgentKey } from '@actp/services/agents/key';
import type { AgentKeys } from '@actp/services/agents/keys';
import type { AppEnv, Caller, CallerKind } from '../app-env.ts';
import { headerOf } from '../http/header-of.ts';
import type { AssertCallerLimit } from '../rate-limits/caller-limit.ts';
import { assertCredential } from './watch-credential.ts';
import { createPageTokens } from './page-token.ts';
import { readByAny, type SessionSecrets } from './session-secrets.ts';
import { readToken } from './session-token.ts';
import { createSecretCheck } from './worker-secret.ts';

export const sessionCookie = 'actp_session';
const pageTokenHeader = 'x-page-token';

/** `reads` what is its own; `acts`: with AGENT_KEYS_REQUIRED it needs a key of its own for it. */
export type AsItself = 'reads' | 'acts';

export interface Credentials {
  /**
   * Lets only callers of these kinds through: 401 without a valid credential, 429 when this one has called too often, 403
   * with one of another kind.
   *
   * @param asItself an agent does this in its own name
   */
  assert(c: Context<AppEnv>, kinds: readonly CallerKind[], asItself?: AsItself): Promise<Caller>;
  /** @throws AppError `unauthenticated` when the credential of a caller who was let through has ended since */
  assertStill(caller: Caller): Promise<void>;
  /**
   * Who is behind a page's session, or else behind any other credential: for pages.
   *
   * @param proof `cookie`: enough for a page without content of its own. `page-token`: for everything else, since other ports of this
   * host get the cookie too
   */
  session(c: Context<AppEnv>, proof: 'cookie' | 'page-token'): Promise<Caller | undefined>;
}

interface CredentialsConfig {
  workerSecrets: readonly string[];
  sessionSecrets: SessionSecrets;
  agentKeysRequired: boolean;
}

/** Tells agents (who hold a key of their own, or the worker secret) from people (who hold a token of a session that lives). */
export function createCredentials(
  config: CredentialsConfig,
  agentKeys: AgentKeys,
  sessions: SessionCache,
  assertCallerLimit: AssertCallerLimit,
): Credentials {
  const isWorkerSecret = createSecretCheck(config.workerSecrets);
  const pageTokens = createPageTokens(config.sessionSecrets);

  async function personOf(token: string, kind: SessionKind) {
    const claims = await readByAny(config.sessionSecrets, (secret) => readToken(secret, token, kind));
    const person = claims && (await sessions.read(claims.session, kind));
    if (person?.id !== claims?.id || person === undefined || claims === undefined) return undefined;
    return { kind: person.role, id: person.id, email: person.email, session: claims.session };
  }

  async function callerOf(c: Context<AppEnv>): Promise<Caller | undefined> {
    const bearer = bearerOf(c);
    const presented = [headerOf(c, 'x-worker-secret'), bearer].filter((one) => one !== undefined);
    // First of all: who shows a key wants to be that agent, whatever else comes with it.
    const key = presented.find(looksLikeAgentKey);
    if (key !== undefined) return agentOf(key);
    if (presented.some(isWorkerSecret)) return { kind: 'agent', id: agentIdOf(c) ?? sharedAgent };
    return bearer === undefined ? undefined : personOf(bearer, 'api');
  }

  async function agentOf(key: string): Promise<Caller | undefined> {
    const holder = await agentKeys.holderOf(key);
    if (holder === undefined) return undefined;
    const stillValid = async () => (await agentKeys.holderOf(key)) !== undefined;
    return { kind: 'agent', id: holder.id, actions: holder.actions, ownKey: true, stillValid };
  }

  /** @throws AppError `forbidden`, `agent_key_required` when the credential does not carry the name */
  async function assertOwnName(
    c: Context<AppEnv>,
    caller: Caller,
    asItself: AsItself | undefined,
  ): Promise<void> {
    if (caller.kind !== 'agent') return;
    const named = agentIdOf(c);
    if (caller.ownKey === true) {
      if (named === undefined || named === caller.id) return;
      throw new AppError('forbidden', 'the key is that of another agent', {
        fields: [{ field: 'X-Agent-Id', message: 'must be the agent that the key belongs to, or absent' }],
      });
    }
    if (asItself === 'acts' && config.agentKeysRequired) {
      throw new AppError(
        'agent_key_required',
        'agents need keys of their own for this (AGENT_KEYS_REQUIRED)',
      );
    }
    // What does not depend on a name, as starting a job, must not depend on the database either.
    if ((asItself === undefined && named === undefined) || !(await agentKeys.isTaken(caller.id))) return;
    c.set('caller', { kind: 'agent', id: sharedAgent });
    throw new AppError('agent_key_required', 'this name belongs to an agent with a key of its own', {
      fields: [{ field: 'X-Agent-Id', message: 'needs the key of that agent' }],
    });
  }

  return {
    async assert(c, kinds, asItself) {
      const caller = await callerOf(c);
      if (!caller) {
        throw new AppError('unauthenticated', 'a valid credential is needed: Authorization: Bearer ...');
      }
      c.set('caller', caller);
      await assertCallerLimit(c);
      await assertOwnName(c, caller, asItself);
      if (!kinds.includes(caller.kind)) {
        throw new AppError('forbidden', `${kinds.join(' or ')} credentials only`);
      }
      return caller;
    },
    assertStill: (caller) => assertCredential(sessions, caller),
    async session(c, proof) {
      const cookie = getCookie(c, sessionCookie, 'host') ?? getCookie(c, sessionCookie);
      const person = cookie === undefined ? undefined : await personOf(cookie, 'page');
      const proven =
        person !== undefined &&
        (proof === 'cookie' || pageTokens.fits(person.session, headerOf(c, pageTokenHeader)));
      return proven ? person : callerOf(c);
    },
  };
}

function bearerOf(c: Context<AppEnv>): string | undefined {
  return /^Bearer +(\S.*)$/i.exec(headerOf(c, 'authorization') ?? '')?.[1];
}

// Who holds the worker secret and gives no name.
const sharedAgent = 'worker';

// Who acts, as the agent itself says: with the worker secret a name that nobody else has, with a key its own.
function agentIdOf(c: Context<AppEnv>): string | undefined {
  const id = headerOf(c, 'x-agent-id');
  if (id === undefined) return undefined;
  if (!/^[\x21-\x7e][\x20-\x7e]{0,127}$/.test(id))
    throw badAgentId('must be 1 to 128 printable ASCII characters');
  if (isReservedName(id)) throw badAgentId(reservedNameRule);
  return cleanText(id, 128);
}

const badAgentId = (message: string) =>
  new AppError('validation_failed', 'the X-Agent-Id header cannot be used', {
    fields: [{ field: 'X-Agent-Id', message }],
  });
