import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { createDb } from '../client.ts';
import { migrate } from '../migrate.ts';
import { databaseAppKey } from './app-key.ts';
import { assertAccepted } from './assert-accepted.ts';
import { registerApps, retireApps } from './register-apps.ts';

const stores = await openStores({ empty: true });
const databaseUrl = stores.env.DATABASE_URL;
await migrate({ databaseUrl });
const database = new URL(databaseUrl).pathname.slice(1);

const newSecret = () => randomBytes(32).toString('base64url');
const asked = (secret: string) =>
  assertAccepted(
    createDb({ ...stores.env, DATABASE_APP_KEY: databaseAppKey(secret, 'gateway') }, 'gateway', 20_000),
  );
const accepted = (secret: string) => eventually(() => asked(secret).then(() => true));
const setHook = (value: string) =>
  stores.sql.query(`alter role authenticator in database ${database} set pgrst.db_pre_request = '${value}'`);
const reset = () =>
  stores.sql.query(`alter role authenticator in database ${database} reset pgrst.db_pre_request`);

describe('[TRU-001] registering the apps', () => {
  const first = newSecret();

  it('is what makes their keys count, in a running project too', async () => {
    await expect(asked(first)).rejects.toMatchObject({ code: 'forbidden' });
    await registerApps({ databaseUrl, secret: first });
    await accepted(first);
  });

  it('changes nothing a second time, and leaves the keys of another machine', async () => {
    const second = newSecret();
    await registerApps({ databaseUrl, secret: first });
    await registerApps({ databaseUrl, secret: second });
    await accepted(second);
    await accepted(first);
    const { rows } = await stores.sql.query('select app from actp_access.app_keys');
    expect(rows).toHaveLength(16);
    await expect(asked(newSecret())).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('[OPS-002] is undone for one secret, and for no other', async () => {
    const former = newSecret();
    await registerApps({ databaseUrl, secret: former });
    await accepted(former);
    await retireApps({ databaseUrl, secret: former });
    await expect(asked(former)).rejects.toMatchObject({ code: 'forbidden' });
    await accepted(first);
  });

  it('leaves a hook alone that the project has already, unless it calls ours', async () => {
    await stores.sql.query(
      'create function public.theirs() returns void language plpgsql as $$ begin perform 1; end $$',
    );
    await setHook('public.theirs');
    await expect(registerApps({ databaseUrl, secret: first })).rejects.toThrow(
      'PostgREST already calls public.theirs',
    );
    await stores.sql.query(
      `create or replace function public.theirs() returns void language plpgsql
       as $$ begin perform actp_access.assume_app_role(); end $$;
       grant execute on function public.theirs() to service_role`,
    );
    await registerApps({ databaseUrl, secret: first });
    await stores.sql.query(`notify pgrst, 'reload config'`);
    await accepted(first);
    await reset();
  });

  it('says what a superuser has to run where the owner may not', async () => {
    const name = `owner_${randomUUID().replaceAll('-', '')}`;
    const password = randomUUID();
    await stores.sql.query(`create role ${name} login nosuperuser nocreaterole password '${password}'`);
    atEnd(() => stores.sql.query(`drop role ${name}`));
    const url = new URL(databaseUrl);
    url.username = name;
    url.password = password;
    await expect(registerApps({ databaseUrl: url.href, secret: first })).rejects.toThrow(
      "alter role authenticator set pgrst.db_pre_request = 'actp_access.assume_app_role'",
    );
  });

  it('says so when nobody gets in, without the password', async () => {
    const error = await registerApps({
      databaseUrl: 'postgres://owner:not-for-anybody@127.0.0.1:1/postgres',
      secret: first,
    }).catch(String);
    expect(error).toContain('Cannot connect to DATABASE_URL');
    expect(error).not.toContain('not-for-anybody');
  });
});
