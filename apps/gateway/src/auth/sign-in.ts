import type { Db } from '@actp/db/client';
import { openSession } from '@actp/services/sessions/open';
import type { SessionKind } from '@actp/services/sessions/kind';
import { findUser } from '@actp/services/users/find';
import { verifyPassword } from '@actp/services/users/password';
import type { LoginLimit, LoginOrigin } from '../rate-limits/login-limit.ts';
import { issueDeviceToken, readDeviceToken } from './device-token.ts';
import { sessionHoursOf } from './session-hours.ts';
import { readByAny, type SessionSecrets } from './session-secrets.ts';
import { issueToken } from './session-token.ts';

export interface SignedIn {
  token: string;
  session: string;
  /** Makes this device a known one of the account. */
  deviceToken: string;
  /** How long the token is good for. */
  seconds: number;
}

/** @throws AppError `rate_limited` when there were too many failed logins */
export type SignIn = (
  email: string,
  password: string,
  from: LoginOrigin,
  kind?: SessionKind,
) => Promise<SignedIn | undefined>;

export interface SignInDeps {
  db: Db;
  sessionSecrets: SessionSecrets;
  sessionHours: number;
  limit: LoginLimit;
}

/** Checks address and password; a session when they fit, undefined (after the same time) when either does not. */
export function createSignIn({ db, sessionSecrets, sessionHours, limit }: SignInDeps): SignIn {
  return async (email, password, from, kind = 'api') => {
    const address = email.trim();
    const user = canBeStored(address) ? await findUser(db, address) : undefined;
    const account = {
      // Addresses that the database takes for the same one are one account, however they are written.
      key: user?.id ?? address.toLowerCase(),
      email: user?.email,
      device:
        user &&
        (await readByAny(sessionSecrets, (secret) => readDeviceToken(secret, from.deviceToken, user.id))),
    };
    await limit.assert(account, from);
    const stored = user?.password_hash ?? undefined;
    const fits = await verifyPassword(stored, password);
    if (!user || stored === undefined || !fits) {
      await limit.failed(account, from);
      return undefined;
    }
    // Of many guesses at once, one that fits is believed only if the others have not used up the account's failures.
    await limit.assert(account, from);
    const hours = sessionHoursOf({ role: user.role, kind }, sessionHours);
    const session = await openSession(db, {
      userId: user.id,
      passwordHash: stored,
      kind,
      hours,
      ip: from.ip,
      userAgent: from.userAgent ?? 'none',
    });
    if (session === undefined) return undefined;
    await limit.succeeded(account, from);
    const seconds = hours * 3_600;
    return {
      token: await issueToken(sessionSecrets.current, { id: user.id, session, kind, seconds }),
      session,
      deviceToken: await issueDeviceToken(sessionSecrets.current, user.id, account.device),
      seconds,
    };
  };
}

// What no account can have: longer than any address, or with NUL or half a surrogate pair, which Postgres refuses as text.
function canBeStored(address: string): boolean {
  return address.length <= 320 && address.isWellFormed() && !address.includes('\0');
}
