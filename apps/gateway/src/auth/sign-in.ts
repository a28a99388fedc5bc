import type { Db } from '@actp/db/client';
import { verifyPassword } from './password.ts';
import { issueToken } from './session-token.ts';

export type SignIn = (email: string, password: string) => Promise<string | undefined>;

/** Checks address and password; a token when they fit, undefined (after the same time) when either does not. */
export function createSignIn(deps: { db: Db; sessionSecret: string }): SignIn {
  const find = async (email: string) => {
    const [user] = await deps.db.call((client) => client.rpc('find_user', { p_email: email }));
    return user;
  };
  return async (email, password) => {
    const address = email.trim();
    const user = canBeStored(address) ? await find(address) : undefined;
    const fits = await verifyPassword(user?.password_hash, password);
    if (!user || !fits) return undefined;
    const role = user.role === 'operator' ? 'operator' : 'user';
    return issueToken(deps.sessionSecret, { id: user.id, email: user.email, role });
  };
}

// What no account can have: longer than any address, or with NUL or half a surrogate pair, which Postgres refuses as text.
function canBeStored(address: string): boolean {
  return address.length <= 320 && address.isWellFormed() && !address.includes('\0');
}
