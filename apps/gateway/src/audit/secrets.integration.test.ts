import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, openWorker, operatorToken } from '../gateway.fixture.ts';
import { auditHandlers } from './audit.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
openWorker(stores, 'audit', auditHandlers(createDb(stores.env, 'auditor', 20_000)));
const asOperator = { authorization: `Bearer ${await operatorToken(gateway)}` };

// Each in parts, so that no scanner takes it for a leak, and of its own, so that a trace says where it came from.
let made = 0;
const secret = (): string => {
  made += 1;
  return `${['gh', 'p_'].join('')}Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv${String(made).padStart(4, '0')}`;
};
const inUrl = (value: string) => `${['postgres', '://app:'].join('')}${value}@db:5432/main`;

interface Answer {
  id: string;
  action_digest: string;
  requested_by: string;
}

const ask = async (body: object, headers: Record<string, string> = {}) => {
  const answer = await gateway.fetch(
    '/v1/approvals',
    json({ action: 'dm.x', details: {}, ...body }, headers),
  );
  expect(answer.status).toBe(201);
  return (await answer.json()) as Answer;
};

/** Everything that the database keeps, as text. */
async function everything(): Promise<string> {
  const { rows } = await stores.sql.query<{ all: string }>(
    `select coalesce(string_agg(query_to_xml(format('select * from %I.%I', table_schema, table_name), true, false, '')::text, ''), '') as all
     from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'actp_audit')`,
  );
  return (rows[0]?.all ?? '').toLowerCase();
}

async function expectNowhere(answer: Response, ...secrets: string[]): Promise<void> {
  const { rows } = await eventually(async () => {
    const found = await stores.sql.query('select 1 from actp_agent_audit_log where request_id = $1', [
      answer.headers.get('x-request-id'),
    ]);
    return found.rows.length > 0 && found;
  });
  expect(rows.length).toBeGreaterThan(0);
  const kept = await everything();
  expect(kept).toContain('user_agent');
  for (const one of secrets) expect(kept).not.toContain(one.toLowerCase());
}

describe('a secret in the wrong place is not kept', () => {
  it('why, who and the key of an approval', async () => {
    const [why, who, key, verdict, browser, told] = [
      secret(),
      secret(),
      secret(),
      secret(),
      secret(),
      secret(),
    ];
    const headers = { 'idempotency-key': key, 'user-agent': `${'x'.repeat(490)} ${browser}` };
    const asked = { reason: `token ${why}`, requested_by: `bot ${who}` };
    const { id, action_digest, requested_by } = await ask(asked, headers);
    expect(requested_by).toMatch(/^bot \[redacted:github-pat:\w+\]$/);
    expect((await ask(asked, headers)).id).toBe(id);
    const decided = await gateway.fetch(
      `/v1/approvals/${id}/decision`,
      json({ decision: 'approved', action_digest, reason: inUrl(verdict) }, asOperator),
    );
    expect(decided.status).toBe(200);
    expect(await decided.text()).toContain('[redacted:');
    const redeemed = await gateway.fetch(
      `/v1/approvals/${id}/redeem`,
      json({ action: 'dm.x', details: {} }, headers),
    );
    expect(redeemed.status).toBe(200);
    const reported = await gateway.fetch(
      `/v1/approvals/${id}/outcome`,
      json({ status: 'failed', result: { error: `refused: ${inUrl(told)}` } }, headers),
    );
    expect(reported.status).toBe(200);
    await expectNowhere(reported, why, who, key, verdict, told, browser, browser.slice(0, 16));
  });

  it('what an agent calls itself, and a switch against it still stops it', async () => {
    const name = secret();
    const stop = (method: string) =>
      gateway.fetch('/v1/kill-switch', {
        ...json({ scope: `agent:${name}`, reason: `it leaks ${name}` }, asOperator),
        method,
      });
    const set = await stop('POST');
    expect(set.status).toBe(201);
    const refused = await gateway.fetch(
      '/v1/approvals',
      json({ action: 'dm.x', details: {} }, { 'x-agent-id': name }),
    );
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'kill_switch']);
    expect((await stop('DELETE')).status).toBe(200);
    await ask({}, { 'x-agent-id': name });
    const made = await gateway.fetch('/v1/agents', json({ id: name }, asOperator));
    expect([made.status, await made.text()]).toEqual([
      400,
      expect.stringContaining('must not look like a secret'),
    ]);
    await expectNowhere(set, name);
  });

  it('paths, also with percent signs, and addresses that nobody has', async () => {
    const [path, address] = [secret(), secret()];
    const posted = await gateway.fetch(`/v1/none/${encodeURIComponent(inUrl(path))}`, json({}));
    expect(posted.status).toBe(404);
    await expectNowhere(posted, path);
    const login = await gateway.fetch('/v1/auth/login', json({ email: address, password: 'x' }));
    expect(login.status).toBe(401);
    await expectNowhere(login, address);
  });

  it('and an answer does not say it again where it is the name of a field', async () => {
    const name = secret();
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`field-${i}`, 1]));
    for (const [path, init] of [
      ['/v1/guard', json({ action: 'a', details: {}, [name]: 1, ...many })],
      ['/v1/jobs/selftest', json({ data: { [name]: 1 } })],
      [`/v1/schedules?${name}=1`, {}],
    ] as const) {
      const answer = await gateway.fetch(path, init);
      const text = await answer.text();
      expect([answer.status, text.includes(name)]).toEqual([400, false]);
      expect((JSON.parse(text) as { errors: unknown[] }).errors.length).toBeLessThanOrEqual(100);
    }
  });
});

it('an agent is not blamed for what another at the same address tried', async () => {
  const attempt = (agent: string) =>
    gateway.fetch('/v1/kill-switch', json({ scope: 'all', reason: 'x' }, { 'x-agent-id': agent }));
  for (const agent of ['first-agent', 'second-agent']) await attempt(agent);
  const events = await eventually(async () => {
    const { rows } = await stores.sql.query(
      `select agent_id, result from actp_agent_audit_log
       where action_type = 'security.forbidden' and agent_id like '%-agent' order by agent_id`,
    );
    return rows.length === 2 && rows;
  });
  const result = { count: 1, method: 'POST', path: '/v1/kill-switch' };
  expect(events).toEqual([
    { agent_id: 'first-agent', result },
    { agent_id: 'second-agent', result },
  ]);
});

it('a body that is null is no object, and a filter with NUL names its field', async () => {
  const nothing = await gateway.fetch('/v1/jobs/selftest', { ...json(null) });
  expect(nothing.status).toBe(400);
  const filtered = await gateway.fetch('/v1/audit?agent_id=%00', { headers: asOperator });
  expect(filtered.status).toBe(400);
  expect(await filtered.json()).toMatchObject({ errors: [{ field: 'query.agent_id' }] });
});

it('who tries to log in on the page is named by the address that they gave', async () => {
  const body = new URLSearchParams({ email: 'Who-Tries@Example.com', password: 'wrong' });
  const refused = await gateway.fetch('/login', { method: 'POST', body });
  expect(refused.status).toBe(401);
  const [event] = await eventually(async () => {
    const { rows } = await stores.sql.query(
      'select agent_id, action_type, status from actp_agent_audit_log where request_id = $1',
      [refused.headers.get('x-request-id')],
    );
    return rows.length > 0 && rows;
  });
  expect(event).toEqual({
    agent_id: 'login:who-tries@example.com',
    action_type: 'auth.login',
    status: 'denied',
  });
});
