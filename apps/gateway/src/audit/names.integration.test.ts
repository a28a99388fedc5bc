import { randomUUID } from 'node:crypto';
import { createDb } from '@actp/db/client';
import { writeAuditEvents } from '@actp/db/audit/write-events';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { agentCalls, withKey } from '../auth/agent-keys.fixture.ts';
import { json, openGateway, openWorker, operatorToken } from '../gateway.fixture.ts';
import { auditHandlers } from './audit.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const db = createDb(stores.env, 'auditor', 20_000);
openWorker(stores, 'audit', auditHandlers(db));
const { asOperator, call, create, keyOf } = agentCalls(gateway, await operatorToken(gateway));

const event = (over: object = {}) => ({ agent_id: 'ads', action_type: 'ads.deploy', status: 'ok', ...over });
const write = (body: unknown, headers: Record<string, string> = {}) =>
  call('/v1/audit/events', json(body, headers));
const askFor = (requested_by: string) =>
  call('/v1/approvals', json({ action: 'ads.deploy', details: {}, requested_by }));

/** Names of people and of the plane, as somebody would write them who wants to pass for one. */
const imitations = [
  'operator:op@example.com',
  'OPERATOR:op@example.com',
  'Operator:op@example.com',
  ' operator:op@example.com',
  'operator :op@example.com',
  'telegram:42',
  'Telegram:42',
  'user:ann@example.com',
  'login:ann@example.com',
  'plane',
  'PLANE',
  'gateway',
  'Gateway ',
  'scheduler',
  'selftest-runner',
  'selftest_runner',
  'self-heal',
  'approval-bot',
  'Approval Bot',
  'auditor',
  'supervisor',
  'cli',
  '0perator:op@example.com',
  'te1egram:42',
  'teIegram:42',
  'p1ane',
  'actp-worker',
];
const onlyInText = [
  'ｏｐｅｒａｔｏｒ:op@example.com',
  'operator：op@example.com',
  'operator∶op@example.com',
  'оperator:op@example.com',
  'οperator:op@example.com',
  'oper\u200bator:op@example.com',
  '\u2060operator:op@example.com',
  'oper\u00adator:op@example.com',
  'tele\u200dgram:42',
  'рlаnе',
  'plane\ufe0f',
  'pláne',
  'ⓟⓛⓐⓝⓔ',
  '𝗉𝗅𝖺𝗇𝖾',
  'audıtor',
  'ᴏᴘᴇʀᴀᴛᴏʀ:x',
  'gate\u2063way',
];

describe('[TRU-004] nobody takes the name of a person or of the plane', () => {
  it.each([...imitations, ...onlyInText])(
    '%j: not in an event, not as who an approval is for',
    async (name) => {
      expect(await write(event({ agent_id: name }))).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'agent_id' }] },
      });
      const second = await write({ events: [event(), event({ agent_id: name })] });
      expect(second).toMatchObject({ status: 400, body: { errors: [{ field: 'events.1.agent_id' }] } });
      const { status, body } = await askFor(name);
      expect(status).toBe(400);
      expect(body.errors?.map(({ field }) => field)).toContain('requested_by');
    },
  );

  it.each(imitations)('%j: not as X-Agent-Id, not as an agent with a key', async (name) => {
    for (const path of ['/v1/approvals', '/v1/guard', '/v1/audit/events', '/v1/jobs/selftest']) {
      // A header has no space at its ends.
      const answer = await call(path, json({}, { 'x-agent-id': name }));
      expect(answer, path).toMatchObject({ status: 400, body: { errors: [{ field: 'X-Agent-Id' }] } });
    }
    const made = await create({ id: name });
    expect(made.status).toBe(400);
    expect(made.body.errors?.map(({ field }) => field)).toContain('id');
  });

  it.each([
    'approval.decide',
    'Approval.Decide',
    'approval.granted',
    'approval․decide',
    'аpproval.decide',
    'app\u200broval.decide',
    'ａpproval.decide',
    ' approval.request',
    'guard.decide',
    'kill_switch.set',
    'security.kill_switch_lifted',
    'audit.read',
    'auth.login',
    'job.run-self-test',
    'heal.verdict',
    'spend.commit',
    'telegram.command',
    'policy.reload',
    'operator.replace_password',
    'agent_key.create',
    'http.post',
  ])('%j is no action type of an event', async (action_type) => {
    expect(await write(event({ action_type }))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'action_type' }] },
    });
  });

  it('leaves others their names and words', async () => {
    for (const name of ['worker', 'operators', 'user-research', 'planner', 'купец', '買い手']) {
      expect((await write(event({ agent_id: name, action_type: 'approvals.seen' }))).status, name).toBe(202);
      expect((await askFor(name)).status, name).toBe(201);
    }
  });

  it('nor the name of an agent with a key, in its events and in those of others', async () => {
    const key = await keyOf('keyed');
    expect((await write(event({ agent_id: 'keyed' }), withKey(key))).status).toBe(202);
    const refused = (field: string) => ({ status: 403, body: { errors: [{ field }] } });
    expect(await write(event({ agent_id: 'other' }), withKey(key))).toMatchObject(refused('agent_id'));
    expect(await write(event({ agent_id: 'keyed' }))).toMatchObject(refused('agent_id'));
    expect(await write({ events: [event(), event({ agent_id: 'KEYED' })] })).toMatchObject(
      refused('events.1.agent_id'),
    );
  });
});

it('[TRU-004] a large batch, which a thread reads, is held to the same', async () => {
  const key = await keyOf('large');
  const events = (last: object) => {
    const filler = Array.from({ length: 40 }, () => event({ agent_id: 'large', result: 'x'.repeat(60_000) }));
    return { events: [...filler, event({ agent_id: 'large', ...last })] };
  };
  const fieldOf = async (last: object, headers: Record<string, string>) => {
    const { status, body } = await write(events(last), headers);
    return [status, body.errors?.[0]?.field];
  };
  expect(await fieldOf({ agent_id: 'operator:x' }, withKey(key))).toEqual([400, 'events.40.agent_id']);
  expect(await fieldOf({ action_type: 'approval.decide' }, withKey(key))).toEqual([
    400,
    'events.40.action_type',
  ]);
  expect(await fieldOf({ agent_id: 'other' }, withKey(key))).toEqual([403, 'events.40.agent_id']);
  expect(await fieldOf({}, {})).toEqual([403, 'events.0.agent_id']);
  const event_id = randomUUID();
  expect(await fieldOf({ event_id }, withKey(key))).toEqual([202, undefined]);
  await eventually(async () => {
    const { rows } = await stores.sql.query('select source from actp_agent_audit_log where event_id = $1', [
      event_id,
    ]);
    return rows.length === 1 && rows[0].source === 'http';
  });
});

describe('[TRU-004] the source of an event', () => {
  const table = 'actp_agent_audit_log';
  /** As another program does it, with the service-role key; the status of the answer. */
  const insert = async (into: string, row: object) => {
    const key = stores.env.SUPABASE_SERVICE_ROLE_KEY;
    const answer = await fetch(`${stores.env.SUPABASE_URL}/rest/v1/${into}`, {
      method: 'POST',
      body: JSON.stringify(row),
      headers: { apikey: key, authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });
    return answer.status;
  };
  const find = async (event_id: string) => {
    const { rows } = await stores.sql.query<{ source: string | null }>(
      'select source from actp_agent_audit_log where event_id = $1',
      [event_id],
    );
    return rows[0];
  };

  it('says that a caller wrote it, and that another program inserted it', async () => {
    const [over, direct] = [randomUUID(), randomUUID()];
    expect((await write(event({ event_id: over }))).status).toBe(202);
    await eventually(async () => (await find(over))?.source === 'http');
    expect(await insert(table, event({ event_id: direct }))).toBe(201);
    expect(await find(direct)).toEqual({ source: 'direct' });
  });

  it.each(['plane', 'http', 'direct', null])('is not set to %j by who inserts or writes', async (source) => {
    expect(await insert(table, { ...event(), source })).toBe(403);
    const columns = 'columns=agent_id,action_type,status,source';
    expect(await insert(`${table}?${columns}`, [{ ...event(), source }])).toBe(403);
    expect(await write({ ...event(), source })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'source' }] },
    });
    const request = { action: 'a.b', details: {}, requested_by: 'x' };
    expect(await insert('actp_approval_queue', { ...request, source })).toBe(403);
    expect(await insert('actp_approval_queue', { ...request, asked_by: 'x' })).toBe(403);
  });

  it('is in the list, every export and as a filter', async () => {
    const event_id = randomUUID();
    const forged = event({ event_id, agent_id: 'operator:op@example.com', action_type: 'approval.decide' });
    expect(await insert(table, forged)).toBe(201);
    const query = 'agent_id=operator:op@example.com&action_type=approval.decide&source=direct';
    const listed = await call(`/v1/audit?${query}`, { headers: asOperator });
    expect(listed.body['events']).toMatchObject([{ event_id, source: 'direct' }]);
    const exported = async (format: string) => {
      const answer = await gateway.fetch(`/v1/audit/export?${query}&format=${format}`, {
        headers: asOperator,
      });
      return (await answer.text()).trim().split(/\r?\n/);
    };
    expect(JSON.parse((await exported('jsonl')).at(-1) ?? '')).toMatchObject({ event_id, source: 'direct' });
    const [head, line] = await exported('csv');
    expect(line?.split(',')[head?.split(',').indexOf('source') ?? -1]).toBe('direct');
    expect(JSON.parse((await exported('ocsf')).at(-1) ?? '')).toMatchObject({
      unmapped: { source: 'direct' },
    });
    const own = await call('/v1/audit?action_type=approval.decide&source=plane', { headers: asOperator });
    expect(JSON.stringify(own.body)).not.toContain(event_id);
  });

  it('decides what the summary counts in the words of the plane', async () => {
    const summary = async () => (await call('/v1/audit/summary', { headers: asOperator })).body;
    const before = await summary();
    const forged = ['approval.request', 'security.kill_switch_set', 'job.run-self-test', 'Approval.Request'];
    for (const action_type of forged) {
      const status = action_type === 'approval.request' ? 'ok' : 'error';
      const rows = Array.from({ length: 30 }, (_, n) => event({ agent_id: `f-${n}`, action_type, status }));
      expect(await insert(table, rows)).toBe(201);
    }
    const after = await summary();
    const less = (before['by_source'] as { direct: number }).direct;
    expect(after).toMatchObject({
      approvals: before['approvals'],
      security_events: before['security_events'],
      errors: before['errors'],
      unique_actors: before['unique_actors'],
      not_counted: Number(before['not_counted']) + 120,
      by_source: { direct: less + 120 },
    });
    expect(JSON.stringify(after['top_actions'])).not.toMatch(/kill_switch_set|run-self-test|Approval/);
    // What the plane has written counts.
    await writeAuditEvents(db, [
      { ...event(), event_id: randomUUID(), action_type: 'approval.request', source: 'plane' },
    ]);
    const counted = (await summary())['approvals'] as { requested: number };
    expect(counted.requested).toBe((before['approvals'] as { requested: number }).requested + 1);
  });
});
