import type { Db } from '@actp/db/client';

/** The account of an e-mail address, whatever its case; undefined when there is none. */
export async function findUser(db: Db, email: string) {
  const [user] = await db.call((client) => client.rpc('find_user', { p_email: email }));
  return user;
}
