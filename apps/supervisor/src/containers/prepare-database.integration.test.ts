import { randomBytes } from 'node:crypto';
import { databaseAppKey } from '@actp/db/access/app-key';
import { assertAccepted } from '@actp/db/access/assert-accepted';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { expect, it } from 'vitest';
import { prepareDatabase } from './prepare-database.ts';

const stores = await openStores({ empty: true });

it('an empty database has its tables, the keys of the apps, and how long the audit log is kept', async () => {
  const appSecret = randomBytes(32).toString('base64url');
  const options = {
    databaseUrl: stores.env.DATABASE_URL,
    appSecret,
    auditRetentionDays: 400,
    authenticatorPassword: undefined,
  };
  expect(await prepareDatabase(options)).toMatch(/^Applied [1-9]\d* migrations and [1-9]\d* functions\.$/);
  const { rows } = await stores.sql.query('select days from actp_audit.retention');
  expect(rows).toEqual([{ days: 400 }]);
  const db = createDb(
    { ...stores.env, DATABASE_APP_KEY: databaseAppKey(appSecret, 'gateway') },
    'gateway',
    20_000,
  );
  await eventually(() => assertAccepted(db).then(() => true));
});
