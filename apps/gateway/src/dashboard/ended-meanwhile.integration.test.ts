import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { openGateway, personSession } from '../gateway.fixture.ts';

const stores = await openStores();
const redis = await openOwnRedis();
const gateway = await openGateway(stores, redis.env);
// Longer than an answer about a session is kept, and shorter than Redis is waited for.
const slowMs = 500;

const board = (token: string) =>
  fetch(`${gateway.url}/dashboard/api/queues`, { headers: { authorization: `Bearer ${token}` } });

it('[TRU-003] what the dashboard has read for long is not given to a session that has ended meanwhile', async () => {
  const { token, session } = await personSession(stores, { email: 'reads@example.com', role: 'operator' });
  const other = await personSession(stores, { email: 'other@example.com', role: 'operator' });
  // It ends at the very moment at which it has let its owner in.
  await stores.sql.query(`
    alter function session_person(uuid, text) rename to session_person_now;
    create function session_person(p_id uuid, p_kind text) returns jsonb
    language plpgsql volatile security definer set search_path = '' as $$
    declare v_person jsonb := public.session_person_now(p_id, p_kind);
    begin
      update public.actp_sessions set ended_at = now() where id = p_id and id = '${session}' and ended_at is null;
      return v_person;
    end $$;
    revoke all on function session_person(uuid, text) from public;
    grant execute on function session_person(uuid, text) to actp_gateway;
    notify pgrst, 'reload schema'`);
  await eventually(async () => (await board(other.token)).status === 200);
  redis.hold();
  const asked = board(token);
  await delay(slowMs);
  redis.release();
  const answer = await asked;
  // On a machine that is slow enough Redis says nothing in time, which is no answer either.
  expect([401, 503]).toContain(answer.status);
  expect(await answer.text()).not.toContain('"counts"');
  expect((await board(other.token)).status).toBe(200);
});
