import { hash, verify } from '@node-rs/argon2';

// OWASP's password storage cheat sheet: argon2id with 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

// Of a random text that was thrown away, at the same cost: compared against when the account is unknown, so that both
// cases take the same time.
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$CPUBvDy7eYex6zqoE3IC/w$BCJSdxKnOojRwpOK3UidJYSqGltJKMSxKgTj2R9zBlU';

/** Whether the password fits the stored hash; false, in the same time, when there is no such account. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(stored ?? nobody, password);
  return fits && stored !== undefined;
}
