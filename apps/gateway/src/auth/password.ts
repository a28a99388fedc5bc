import { hash, verify } from '@node-rs/argon2';

// OWASP's password storage cheat sheet: argon2id with 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

// Compared against when the account is unknown, so that both cases take the same time.
let nobody: Promise<string> | undefined;

/** Whether the password fits the stored hash; false, in the same time, when there is no such account. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('no account has this one');
  const fits = await verify(stored ?? (await nobody), password);
  return fits && stored !== undefined;
}
