import { describe, expect, it } from 'vitest';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { UnavailableError } from '@actp/shared/errors';
import { openStores } from '@actp/testing/stores';
import { createDb, DbError } from './client.ts';

const stores = await openStores();
const db = createDb(stores.env, 'runner', 20_000);

describe('calls of the database', () => {
  it('gives the data', async () => {
    const got = await db.call((client) => client.rpc('plane_readiness'));
    expect(got).toEqual({ anchor_unwritten: false, telegram_polling: false, telegram_refuses: false });
  });

  it('turns a refusal into a typed error', async () => {
    const gateway = createDb(stores.env, 'gateway', 20_000);
    const bad = gateway.call((client) =>
      client.rpc('ensure_operator', { p_email: 'x', p_password_hash: 'h' }),
    );
    await expect(bad).rejects.toMatchObject({ code: 'validation_failed', sqlState: '23514' });
    await expect(bad).rejects.toBeInstanceOf(DbError);
  });

  it('says unavailable when nothing listens', async () => {
    const db = createDb({ ...stores.env, SUPABASE_URL: 'http://127.0.0.1:1' }, 'runner');
    await expect(db.call((client) => client.rpc('plane_readiness'))).rejects.toBeInstanceOf(UnavailableError);
  });

  it('says unavailable, within its time-out, when the answer never comes', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const db = createDb({ ...stores.env, SUPABASE_URL: `http://127.0.0.1:${port}` }, 'runner', 200);
    await expect(db.call((client) => client.rpc('plane_readiness'))).rejects.toBeInstanceOf(UnavailableError);
    silent.closeAllConnections();
    silent.close();
  });

  it('says unavailable while PostgREST is away', async () => {
    const db = createDb({ ...stores.env, SUPABASE_URL: stores.env.SUPABASE_URL }, 'runner');
    await stores.postgrest.stop(true);
    await expect(db.call((client) => client.rpc('plane_readiness'))).rejects.toBeInstanceOf(UnavailableError);
  });
});
