import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createClient, type Approval } from '@actp/sdk';
import { ConfigError } from '@actp/shared/errors';
import { webhookHeaders } from '@actp/shared/standard-webhooks';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operatorToken, secret } from '../gateway.fixture.ts';

const key = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const signingSecret = key(7);
const stores = await openStores();
const signing = { SIGNING_REQUIRED: true, SIGNING_SECRET: signingSecret };
const gateway = await openGateway(stores, signing);
const twin = await openGateway(stores, signing);
const token = await operatorToken(gateway);

const ask = { action: 'dm.bulk_send', details: { recipients: 25 } };
const now = () => Math.floor(Date.now() / 1_000);

/** An approval that a person has said yes to: without a signature, since people have sessions. */
async function approved(): Promise<string> {
  const asked = (await (await gateway.fetch('/v1/approvals', json(ask))).json()) as Approval;
  const answer = await gateway.fetch(
    `/v1/approvals/${asked.id}/decision`,
    json({ decision: 'approved', action_digest: asked.action_digest }, { authorization: `Bearer ${token}` }),
  );
  expect(answer.status).toBe(200);
  return asked.id;
}

interface Forgery {
  id?: string;
  timestamp?: number;
  method?: string;
  path?: string;
  body?: string;
  secret?: string;
}

function signed(path: string, body: string, forgery: Forgery = {}): Record<string, string> {
  const { id = randomUUID(), timestamp = now(), method = 'POST' } = forgery;
  const content = `${method}.${forgery.path ?? path}.${forgery.body ?? body}`;
  return webhookHeaders(forgery.secret ?? signingSecret, { id, timestamp, content });
}

async function redeem(
  id: string,
  headersOf: (path: string, body: string) => Record<string, string>,
  at = gateway,
) {
  const path = `/v1/approvals/${id}/redeem`;
  const body = JSON.stringify(ask);
  const answer = await at.fetch(path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headersOf(path, body) },
  });
  const document = (await answer.json()) as { detail?: string; errors?: Array<{ field: string }> };
  return { status: answer.status, fields: document.errors?.map(({ field }) => field) };
}

describe('signed requests', () => {
  it('[OPS-002] takes signatures of before while SIGNING_SECRET_PREVIOUS is set', async () => {
    const rotating = await openGateway(stores, {
      ...signing,
      SIGNING_SECRET: key(8),
      SIGNING_SECRET_PREVIOUS: signingSecret,
    });
    for (const [fill, status] of [
      [7, 200],
      [8, 200],
      [9, 401],
    ] as const) {
      const sign = (path: string, body: string) => signed(path, body, { secret: key(fill) });
      expect((await redeem(await approved(), sign, rotating)).status).toBe(status);
    }
  });

  it('[NEXT-002] lets an agent redeem with a signature over method, path and body, once', async () => {
    const id = await approved();
    expect(await redeem(id, () => ({}))).toEqual({
      status: 401,
      fields: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    });
    const headers = signed(`/v1/approvals/${id}/redeem`, JSON.stringify(ask));
    expect((await redeem(id, () => headers)).status).toBe(200);
    // The same call again is refused for its id, before anybody looks at the approval; at another gateway as well.
    for (const at of [gateway, twin]) {
      expect(await redeem(id, () => headers, at)).toEqual({ status: 401, fields: ['webhook-id'] });
    }
    expect((await redeem(id, signed)).status).toBe(409);
  });

  it.each<[string, Forgery, string]>([
    ['another method', { method: 'GET' }, 'webhook-signature'],
    ['another path', { path: `/v1/approvals/${randomUUID()}/redeem` }, 'webhook-signature'],
    ['another body', { body: JSON.stringify({ ...ask, details: {} }) }, 'webhook-signature'],
    ['another secret', { secret: key(8) }, 'webhook-signature'],
    ['a time six minutes ago', { timestamp: now() - 360 }, 'webhook-timestamp'],
    ['a time six minutes from now', { timestamp: now() + 360 }, 'webhook-timestamp'],
  ])('refuses a signature over %s, and the approval can still be redeemed', async (_what, forgery, field) => {
    const id = await approved();
    expect(await redeem(id, (path, body) => signed(path, body, forgery))).toEqual({
      status: 401,
      fields: [field],
    });
    expect((await redeem(id, signed)).status).toBe(200);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an id that is too long', { 'webhook-id': 'x'.repeat(257) }, 'webhook-id'],
    ['a time in words', { 'webhook-timestamp': 'now' }, 'webhook-timestamp'],
    ['a huge time', { 'webhook-timestamp': '9'.repeat(13) }, 'webhook-timestamp'],
    ['no signature at all', { 'webhook-signature': '' }, 'webhook-signature'],
    ['nine signatures', { 'webhook-signature': 'v1,a '.repeat(9).trim() }, 'webhook-signature'],
  ])('names the header with %s', async (_what, headers, field) => {
    const id = randomUUID();
    const answer = await redeem(id, (path, body) => ({ ...signed(path, body), ...headers }));
    expect(answer).toEqual({ status: 401, fields: [field] });
  });

  it('takes one of several with the same id at once', async () => {
    const id = await approved();
    const headers = signed(`/v1/approvals/${id}/redeem`, JSON.stringify(ask));
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => redeem(id, () => headers, i % 2 === 0 ? gateway : twin)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(11);
  });

  it('is what the SDK does when it has the secret', async () => {
    const client = createClient({ url: gateway.url, secret, signingSecret });
    const id = await approved();
    expect(await client.redeem(id, ask.action, ask.details)).toMatchObject({ grant_id: expect.any(String) });
    const unsigned = createClient({ url: gateway.url, secret });
    await expect(unsigned.redeem(await approved(), ask.action, ask.details)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('keeps an id as long as a repeat could count, and not for ever', async () => {
    await stores.sql.query(`truncate actp_signed_requests`);
    await stores.sql.query(
      `insert into actp_signed_requests select 'old-' || i, now() - interval '1 second' from generate_series(1, 15) i`,
    );
    await redeem(await approved(), signed);
    const { rows } = await stores.sql.query<{ old: string; lasting: string }>(
      `select count(*) filter (where webhook_id like 'old-%') as old,
              count(*) filter (where forget_at > now() + interval '9 minutes') as lasting
       from actp_signed_requests`,
    );
    expect(rows).toEqual([{ old: '5', lasting: '1' }]);
  });

  it('does not start without the secret that it requires', async () => {
    await expect(openGateway(stores, { SIGNING_REQUIRED: true })).rejects.toThrow(ConfigError);
    await expect(openGateway(stores, { SIGNING_REQUIRED: true })).rejects.toThrow(/SIGNING_SECRET/);
  });
});
