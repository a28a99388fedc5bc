import { getCookie } from 'hono/cookie';
import type { Context } from 'hono';
import type { SessionCache } from '@actp/services/sessions/cache';
import type { SessionKind } from '@actp/services/sessions/kind';
import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError } from '@actp/shared/errors';
import type { AppEnv, Caller, CallerKind } from '../app-env.ts';
import { headerOf } from '../http/header-of.ts';
import type { AssertCallerLimit } from '../rate-limits/caller-limit.ts';
import { createPageTokens } from './page-token.ts';
import { readToken } from './session-token.ts';
import { createSecretCheck } from './worker-secret.ts';

export const sessionCookie = 'actp_session';
const pageTokenHeader = 'x-page-token';

export interface Credentials {
  /**
   * Lets only callers of these kinds through: 401 without a valid credential, 429 when this one has called too often, 403
   * with one of another kind.
   */
  assert(c: Context<AppEnv>, kinds: readonly CallerKind[]): Promise<Caller>;
  /**
   * Who is behind a page's session, or else behind any other credential: for pages.
   *
   * @param proof `cookie`: enough for a page without content of its own. `page-token`: for everything else, since other ports of this
   * host get the cookie too
   */
  session(c: Context<AppEnv>, proof: 'cookie' | 'page-token'): Promise<Caller | undefined>;
}

/** Tells agents (who hold the worker secret) from people (who hold a token of a session that lives). */
export function createCredentials(
  config: { workerSecrets: readonly string[]; sessionSecret: string },
  sessions: SessionCache,
  assertCallerLimit: AssertCallerLimit,
): Credentials {
  const isWorkerSecret = createSecretCheck(config.workerSecrets);
  const pageTokens = createPageTokens(config.sessionSecret);

  async function personOf(token: string, kind: SessionKind) {
    const claims = await readToken(config.sessionSecret, token, kind);
    const person = claims && (await sessions.read(claims.session, kind));
    if (person?.id !== claims?.id || person === undefined || claims === undefined) return undefined;
    return { kind: person.role, id: person.id, email: person.email, session: claims.session };
  }

  async function callerOf(c: Context<AppEnv>): Promise<Caller | undefined> {
    const bearer = bearerOf(c);
    const presented = [headerOf(c, 'x-worker-secret'), bearer];
    if (presented.some((secret) => secret !== undefined && isWorkerSecret(secret))) {
      return { kind: 'agent', id: agentIdOf(c) };
    }
    return bearer === undefined ? undefined : personOf(bearer, 'api');
  }

  return {
    async assert(c, kinds) {
      const caller = await callerOf(c);
      if (!caller) {
        throw new AppError('unauthenticated', 'a valid credential is needed: Authorization: Bearer ...');
      }
      c.set('caller', caller);
      await assertCallerLimit(c);
      if (!kinds.includes(caller.kind)) {
        throw new AppError('forbidden', `${kinds.join(' or ')} credentials only`);
      }
      return caller;
    },
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

// Who acts, as the agent itself says: a name for the record, never a right.
function agentIdOf(c: Context<AppEnv>): string {
  const id = headerOf(c, 'x-agent-id') ?? 'worker';
  if (!/^[\x21-\x7e][\x20-\x7e]{0,127}$/.test(id)) {
    throw new AppError('validation_failed', 'the X-Agent-Id header cannot be used', {
      fields: [{ field: 'X-Agent-Id', message: 'must be 1 to 128 printable ASCII characters' }],
    });
  }
  return cleanText(id, 128);
}
