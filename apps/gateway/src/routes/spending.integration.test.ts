import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { createSpend } from '@actp/services/spend/spend';
import { openStores } from '@actp/testing/stores';
import { openGateway, operatorToken, registeredUser } from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores, { DAILY_BUDGET: 250.5 });
const spend = createSpend(createDb(stores.env, 'scheduler'));

const read = async (token: string) => {
  const answer = await gateway.fetch('/v1/spending', { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return answer.json();
};
const reserve = async (userId: string, agent: string, amountMinor: number) => {
  const id = randomUUID();
  const request = { id, userId, agent, amountMinor, budgetMinor: 25_050, ttlSeconds: 600 };
  expect((await spend.reserve(request)).result).toBe('reserved');
  return id;
};

describe('[TASK-005] GET /v1/spending', () => {
  it('says what one has spent and reserved today, by agent and by day, in USD', async () => {
    const { id, token } = await registeredUser(gateway, 'spends@example.com');
    const other = await registeredUser(gateway, 'other@example.com');
    await spend.commit(await reserve(id, 'research', 57), 29);
    await spend.commit(await reserve(id, 'research', 10), 1);
    await spend.commit(await reserve(id, 'purchase', 10_000), 9_999);
    await spend.release(await reserve(id, 'communication', 300));
    await reserve(id, 'purchase', 1_110);
    await reserve(other.id, 'purchase', 5);
    await stores.sql.query(
      `insert into actp_daily_spend (user_id, day, spent_minor)
       select $1, (now() at time zone 'UTC')::date - age, minor
       from (values (1, 1005), (2, 0), (29, 7), (30, 8)) past (age, minor)`,
      [id],
    );
    const today = new Date((await spend.read(id)).day);
    const ago = (days: number) => new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10);
    expect(await read(token)).toEqual({
      currency: 'USD',
      day: ago(0),
      spent: 100.29,
      reserved: 11.1,
      budget: 250.5,
      by_agent: { research: 0.3, purchase: 99.99 },
      by_day: [
        { day: ago(0), spent: 100.29, reserved: 11.1 },
        { day: ago(1), spent: 10.05, reserved: 0 },
        { day: ago(29), spent: 0.07, reserved: 0 },
      ],
    });
    expect(await read(other.token)).toMatchObject({ spent: 0, reserved: 0.05, by_agent: {} });
  });

  it('is nothing for somebody who has spent nothing, an operator for instance', async () => {
    const nothing = { currency: 'USD', spent: 0, reserved: 0, budget: 250.5, by_agent: {}, by_day: [] };
    expect(await read(await operatorToken(gateway))).toMatchObject(nothing);
  });

  it('takes a token of a person, and no parameter that names another one', async () => {
    const { id, token } = await registeredUser(gateway, 'asks@example.com');
    expect((await fetch(`${gateway.url}/v1/spending`)).status).toBe(401);
    expect((await gateway.fetch('/v1/spending')).status).toBe(403);
    const headers = { authorization: `Bearer ${token}` };
    expect((await gateway.fetch(`/v1/spending?user_id=${id}`, { headers })).status).toBe(400);
  });
});
