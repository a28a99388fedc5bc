import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { json, openGateway } from '../gateway.fixture.ts';
import { approvalCalls, ask } from './approvals.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const { asOperator, create, post } = await approvalCalls(gateway);

describe('bad requests', () => {
  it.each<[why: string, body: unknown, status: number, field: string]>([
    ['no action', { details: {} }, 400, 'action'],
    ['action with a homoglyph', { ...ask, action: 'dm.bulk_sеnd' }, 400, 'action'],
    ['action with an invisible character', { ...ask, action: 'dm.bulk\u200b_send' }, 400, 'action'],
    ['no details', { action: 'a.b' }, 400, 'details'],
    ['details a list', { action: 'a.b', details: [] }, 400, 'details'],
    ['unknown key', { ...ask, status: 'approved' }, 400, 'status'],
    ['longer than allowed', { ...ask, ttl_seconds: 14_401 }, 400, 'ttl_seconds'],
    ['no time at all', { ...ask, ttl_seconds: 0 }, 400, 'ttl_seconds'],
    ['time as text', { ...ask, ttl_seconds: '5' }, 400, 'ttl_seconds'],
    ['another chat', { ...ask, chat_id: '-5' }, 400, 'chat_id'],
    ['callback elsewhere', { ...ask, callback_url: 'http://evil.example/' }, 400, 'callback_url'],
    ['callback with a user', { ...ask, callback_url: 'http://bot:word@127.0.0.1:9/x' }, 400, 'callback_url'],
    ['callback to a blob', { ...ask, callback_url: 'blob:http://127.0.0.1:9/x' }, 400, 'callback_url'],
    ['callback with an empty user', { ...ask, callback_url: 'http://@127.0.0.1:9/x' }, 400, 'callback_url'],
    ['callback with a backslash', { ...ask, callback_url: 'http:/\\127.0.0.1:9/x' }, 400, 'callback_url'],
    ['callback after a blank', { ...ask, callback_url: ' http://127.0.0.1:9/x' }, 400, 'callback_url'],
    ['callback without slashes', { ...ask, callback_url: 'http:127.0.0.1:9/x' }, 400, 'callback_url'],
    [
      'callback with an encoded host',
      { ...ask, callback_url: 'http://127.0.0.%31:9/x' },
      400,
      'callback_url',
    ],
    ['callback that is no URL', { ...ask, callback_url: 'x' }, 400, 'callback_url'],
    ['empty requester', { ...ask, requested_by: ' ' }, 400, 'requested_by'],
    ['requester with control characters', { ...ask, requested_by: 'bot\u001b[2J' }, 400, 'requested_by'],
    ['reason that turns the writing', { ...ask, reason: 'pay \u202e001' }, 400, 'reason'],
    ['details over 256 KiB', { ...ask, details: { x: 'y'.repeat(262_144) } }, 413, 'details'],
  ])('refuses: %s', async (_why, body, status, field) => {
    const answer = await gateway.fetch('/v1/approvals', json(body));
    const problem = (await answer.json()) as { errors?: Array<{ field: string }> };
    expect(answer.status, JSON.stringify(problem)).toBe(status);
    expect(problem.errors?.map((e) => e.field)).toContain(field);
  });

  it('refuses a body that two readers could read differently', async () => {
    const body = '{"action":"dm.bulk_send","details":{"recipients":5,"recipients":5000}}';
    const answer = await gateway.fetch('/v1/approvals', { ...json({}), body });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: Array<{ field: string }> }).errors[0]?.field).toBe(
      'recipients',
    );
  });

  it('takes details of 256 KiB', async () => {
    const details = { x: 'y'.repeat(262_144 - 8) };
    expect((await create({ ...ask, details })).status).toBe(201);
  });

  it.each(['decision', 'redeem', 'outcome', 'cancel'])('answers 404 for an unknown id: %s', async (what) => {
    const id = '00000000-0000-4000-8000-000000000000';
    const bodies: Record<string, unknown> = {
      decision: { decision: 'approved', action_digest: '0'.repeat(64) },
      redeem: ask,
      outcome: { status: 'failed' },
      cancel: {},
    };
    const headers = what === 'decision' ? asOperator : {};
    expect((await post(id, what, bodies[what], headers)).status).toBe(404);
    expect((await post('not-an-id', what, bodies[what], headers)).status).toBe(400);
  });

  it.each<[string, unknown, string]>([
    ['decision', { decision: 'maybe', action_digest: '0'.repeat(64) }, 'decision'],
    ['decision', { decision: 'approved' }, 'action_digest'],
    ['decision', { decision: 'approved', action_digest: 'ABC' }, 'action_digest'],
    ['decision', { decision: 'approved', action_digest: '0'.repeat(64), by: 'me' }, 'by'],
    ['redeem', { action: 'a.b' }, 'details'],
    ['outcome', { status: 'unknown' }, 'status'],
  ])('names the field: %s %j', async (what, body, field) => {
    const { body: asked } = await create();
    const headers = what === 'decision' ? asOperator : {};
    const answer = await post(asked.id, what, body, headers);
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as Array<{ field: string }>).map((e) => e.field)).toContain(field);
  });
});

describe('bytes that are no text', () => {
  const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    gateway.fetch('/v1/approvals', { ...json({}, headers), body });

  it('are refused, since two of them would become one', async () => {
    const body = Buffer.concat([
      Buffer.from('{"action":"email.send","details":{"to":"'),
      Buffer.from([0xff]),
      Buffer.from('@b.c"}}'),
    ]);
    expect((await send(body, {})).status).toBe(400);
  });

  it.each([{ 'content-type': 'application/json; charset=utf-16' }, { 'content-encoding': 'gzip' }])(
    'or of another form are refused: %j',
    async (headers) => {
      expect((await send(JSON.stringify(ask), headers)).status).toBe(400);
    },
  );
});
