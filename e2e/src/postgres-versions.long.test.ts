import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { databaseAppKey } from '@actp/db/access/app-key';
import { registerApps } from '@actp/db/access/register-apps';
import { migrate } from '@actp/db/migrate';
import { ownPort } from '@actp/testing/own-port';
import { mintServiceRoleKey } from '@actp/embedded/keys';
import { startPostgrest } from '@actp/embedded/postgrest';
import { startRestProxy } from '@actp/embedded/rest-proxy';
import { atEnd } from '@actp/testing/at-end';
import { markCompared } from '@actp/testing/compared';
import { eventually } from '@actp/testing/eventually';
import { openStores, type Stores } from '@actp/testing/stores';
import { json, openGateway, operatorToken } from './gateway-process.fixture.ts';
import { openPgbouncer, openPostgres, type PostgresServer } from './postgres-server.fixture.ts';

const jwtSecret = 'jwt-secret-of-the-versions-0123456789abcdef';
const appSecret = 'app-secret-of-the-versions-0123456789abcdef';
const stores = await openStores();

/** PostgREST before a server, and a gateway on it. */
async function openPlane(server: PostgresServer) {
  const dataDir = await mkdtemp(join(tmpdir(), 'actp-versions-'));
  const postgrest = await startPostgrest({ dataDir, databaseUrl: server.authenticatorUrl, jwtSecret });
  const proxy = await startRestProxy({ port: await ownPort(), targetPort: () => postgrest.port });
  atEnd(async () => {
    await proxy.stop();
    await postgrest.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const env: Stores['env'] = {
    ...stores.env,
    SUPABASE_URL: proxy.url,
    SUPABASE_SERVICE_ROLE_KEY: mintServiceRoleKey(jwtSecret),
    DATABASE_APP_KEY: databaseAppKey(appSecret, 'gateway'),
  };
  return openGateway({ ...stores, env });
}

/** Asks, decides as a person, redeems: through the database from end to end. */
async function smallFlow(server: PostgresServer): Promise<unknown> {
  const owner = new pg.Client(server.ownerUrl);
  await owner.connect();
  await markCompared(owner);
  await owner.end();
  const gateway = await openPlane(server);
  const action = { action: 'dm.bulk_send', details: { recipients: 2 } };
  const asked = await eventually(async () => {
    const answer = await gateway.fetch('/v1/approvals', json(action));
    return answer.ok && ((await answer.json()) as { id: string; action_digest: string });
  });
  const authorization = `Bearer ${await operatorToken(gateway)}`;
  const decision = { decision: 'approved', action_digest: asked.action_digest };
  const decided = await gateway.fetch(
    `/v1/approvals/${asked.id}/decision`,
    json(decision, { authorization }),
  );
  expect([decided.status, await decided.text()]).toEqual([200, expect.stringContaining('approved')]);
  const redeemed = await gateway.fetch(`/v1/approvals/${asked.id}/redeem`, json(action));
  const again = await gateway.fetch(`/v1/approvals/${asked.id}/redeem`, json(action));
  await gateway.stop();
  return [redeemed.status, again.status];
}

describe('a database of a project whose owner is no superuser', () => {
  it.each(['15.18.0-beta.17', '16.14.0-beta.17', '17.10.0-beta.17', '18.4.0-beta.17'])(
    'is migrated and serves an approval from end to end: PostgreSQL %s',
    async (version) => {
      const server = await openPostgres(version);
      expect(server.version.split('.')[0]).toBe(version.split('.')[0]);
      const migrated = await migrate({ databaseUrl: server.ownerUrl });
      expect(migrated.applied.length).toBeGreaterThan(30);
      await registerApps({ databaseUrl: server.ownerUrl, secret: appSecret });
      expect(await migrate({ databaseUrl: server.ownerUrl })).toEqual({
        applied: [],
        functions: [],
        notice: undefined,
      });
      expect(await smallFlow(server)).toEqual([200, 409]);
    },
  );

  it('is migrated through a pooler in session mode; transaction mode is refused with a remedy', async () => {
    const server = await openPostgres('17.10.0-beta.17');
    const lent = await openPgbouncer(server, 'transaction');
    await expect(migrate({ databaseUrl: lent })).rejects.toThrow(/transaction mode.*\n.*port 5432/);
    const pooled = await openPgbouncer(server, 'session');
    expect((await migrate({ databaseUrl: pooled })).applied.length).toBeGreaterThan(30);
    await registerApps({ databaseUrl: pooled, secret: appSecret });
    expect(await smallFlow(server)).toEqual([200, 409]);
  });
});
