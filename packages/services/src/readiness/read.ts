import type { Db } from '@actp/db/client';

/** What the database knows of the plane's parts. @throws UnavailableError when the database is unavailable */
export const readReadiness = (db: Db) => db.call((client) => client.rpc('plane_readiness'));
