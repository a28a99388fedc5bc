import pg from 'pg';
import { registerApps } from '@actp/db/access/register-apps';
import { migrate } from '@actp/db/migrate';
import { databaseAppKey, type DatabaseApp } from '@actp/db/access/app-key';
import { markCompared } from '@actp/testing/compared';

/** What the embedded stack needs before apps can call its database. */
export const prepareDatabase = (secret: string) => async (databaseUrl: string) => {
  await migrate({ databaseUrl });
  await registerApps({ databaseUrl, secret });
  // In place of an auditor, which not every benchmark runs.
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await markCompared(client);
  await client.end();
};

/** What the supervisor would put into the environment of an app. */
export const keyOf = (secret: string, app: DatabaseApp) => ({
  DATABASE_APP_KEY: databaseAppKey(secret, app),
});
