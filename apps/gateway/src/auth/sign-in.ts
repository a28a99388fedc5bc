import type { Db } from '@actp/db/client';
import type { LoginLimit, LoginOrigin } from '../rate-limits/login-limit.ts';
import { findUser } from '@actp/services/users/find';
import { verifyPassword } from '@actp/services/users/password';
import { issueToken } from './session-token.ts';

/** @throws AppError `rate_limited` when the account or the address has failed too often */
export type SignIn = (email: string, password: string, from: LoginOrigin) => Promise<string | undefined>;

/** Checks address and password; a token when they fit, undefined (after the same time) when either does not. */
export function createSignIn(deps: { db: Db; sessionSecret: string; limit: LoginLimit }): SignIn {
  return async (email, password, from) => {
    const address = email.trim();
    const user = canBeStored(address) ? await findUser(deps.db, address) : undefined;
    // Addresses that the database takes for the same one are one account, however they are written.
    const account = user?.id ?? address.toLowerCase();
    await deps.limit.assert(account, from);
    const fits = await verifyPassword(user?.password_hash, password);
    if (!user || !fits) {
      await deps.limit.failed(account, from);
      return undefined;
    }
    // Of many guesses at once, one that fits is believed only if the others have not used up the account's failures.
    await deps.limit.assert(account, from);
    await deps.limit.succeeded(account);
    const role = user.role === 'operator' ? 'operator' : 'user';
    return issueToken(deps.sessionSecret, { id: user.id, email: user.email, role });
  };
}

// What no account can have: longer than any address, or with NUL or half a surrogate pair, which Postgres refuses as text.
function canBeStored(address: string): boolean {
  return address.length <= 320 && address.isWellFormed() && !address.includes('\0');
}
