import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { createClient } from './client.ts';
import { ActpError, ActpUnavailable, OutcomeUnknown, PolicyDenied } from './errors.ts';
import { openStandIn, secret, type Call, type Fault, type StandIn } from './stand-in-gateway.fixture.ts';

const action = 'ads.deploy';
const details = { budget_usd: 500 };

const approved = async (standIn: StandIn) => {
  const id = await standIn.client().requestApproval(action, details);
  standIn.approvals.decide(id, 'approved');
  return id;
};

const transient: Array<[string, Fault]> = [
  ['a reset', 'reset'],
  ['an answer that got lost', 'lost'],
  ['an answer that never comes', 'hang'],
  ['a page of something else', 'garbage'],
  ['JSON of something else', { status: 200, body: { hello: 'world' } }],
  ['500', { status: 500, body: { code: 'internal' } }],
  ['503', { status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '0' } }],
  ['429', { status: 429, body: { code: 'rate_limited' } }],
];

describe('while the plane is in trouble', () => {
  it.each(transient)('asks once after %s, and waits through another', async (_what, fault) => {
    const standIn = await openStandIn();
    standIn.fail('ask', fault);
    standIn.fail('read', fault);
    const client = standIn.client({ waitSeconds: 1, timeoutSeconds: 0.5 });
    const decision = client.requireApproval(action, details);
    await eventually(() => standIn.waiting() > 0);
    expect(standIn.approvals.all()).toHaveLength(1);
    standIn.approvals.decide(standIn.approvals.all()[0]?.id ?? '', 'approved');
    expect(await decision).toMatchObject({ status: 'approved' });
  });

  it('says that the plane is held, by its own word, and lets nothing happen', async () => {
    const standIn = await openStandIn();
    const problem = {
      code: 'plane_held',
      detail: 'nothing is released or decided: the database is older',
    };
    const held: Fault = { status: 503, headers: { 'retry-after': '30' }, body: problem };
    for (const call of ['guard', 'ask', 'redeem'] as const) standIn.fail(call, held);
    const client = standIn.client({ retrySeconds: 0.5 });
    let runs = 0;
    const says = {
      name: 'ActpUnavailable',
      code: 'plane_held',
      retryAfterSeconds: 30,
      problem: { status: 503 },
    };
    await expect(client.guard(action, details, () => (runs += 1))).rejects.toMatchObject(says);
    await expect(client.requestApproval(action, details)).rejects.toMatchObject(says);
    expect(runs).toBe(0);
  });

  it('waits as long as Retry-After says', async () => {
    const standIn = await openStandIn();
    standIn.fail('ask', { status: 429, headers: { 'retry-after': '1' } });
    const begun = performance.now();
    await standIn.client().requestApproval(action, details);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(999);
  });

  it('does not wait for a Retry-After beyond its patience', async () => {
    const standIn = await openStandIn();
    standIn.fail('ask', { status: 429, body: { code: 'rate_limited' }, headers: { 'retry-after': '3600' } });
    await expect(standIn.client().requestApproval(action, details)).rejects.toMatchObject({
      name: 'ActpUnavailable',
      code: 'rate_limited',
      retryAfterSeconds: 3_600,
      problem: { status: 429 },
    });
  });

  it('gives up in bounded time when nobody answers, and lets nothing happen', async () => {
    const standIn = await openStandIn();
    await standIn.close();
    const client = standIn.client({ retrySeconds: 0.5 });
    let runs = 0;
    await expect(client.guard(action, details, () => (runs += 1))).rejects.toThrow(ActpUnavailable);
    await expect(client.requestApproval(action, details)).rejects.toThrow('the gateway is unavailable');
    expect(runs).toBe(0);
  });

  it('gives up waiting for a decision in bounded time', async () => {
    const standIn = await openStandIn();
    standIn.fail('read', ...Array<'reset'>(20).fill('reset'));
    const client = standIn.client({ patienceSeconds: 0.5 });
    await expect(client.requireApproval(action, details)).rejects.toThrow(ActpUnavailable);
    expect(standIn.approvals.all()).toMatchObject([{ status: 'pending' }]);
  });

  it('does not hang on a fetch that heeds no signal', async () => {
    const client = createClient({
      url: 'http://127.0.0.1:1',
      secret,
      fetch: () => new Promise(() => undefined),
      timeoutSeconds: 0.1,
      retrySeconds: 0,
    });
    await expect(client.requestApproval(action, details)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('can be stopped between two attempts', async () => {
    const standIn = await openStandIn();
    standIn.fail('ask', { status: 503, headers: { 'retry-after': '2' } });
    const stopping = new AbortController();
    const asked = standIn.client().requestApproval(action, details, undefined, { signal: stopping.signal });
    const failure = asked.catch((error: unknown) => error);
    await eventually(() => standIn.seen('ask').length === 1);
    stopping.abort(new Error('enough'));
    expect(await failure).toMatchObject({ message: 'enough' });
  });

  it.each<Fault>([
    { status: 200, body: { status: 'approved' } },
    {
      status: 200,
      body: { id: 'other', status: 'approved', outcome: null, redeemed_at: null, lapsed_at: null },
    },
    { status: 200, body: { id: '', status: 'yes' } },
    { status: 200, body: null },
    { status: 200, body: [] },
  ])('takes no yes from an answer that is not the approval asked about: %j', async (fault) => {
    const standIn = await openStandIn();
    const id = await standIn.client().requestApproval(action, details);
    standIn.fail('read', fault);
    await expect(standIn.client({ retrySeconds: 0 }).checkApproval(id)).rejects.toThrow(ActpUnavailable);
  });
});

describe('redeeming while the plane is in trouble', () => {
  it.each(transient.filter(([, fault]) => fault !== 'lost'))('redeems after %s', async (_what, fault) => {
    const standIn = await openStandIn();
    const id = await approved(standIn);
    standIn.fail('redeem', fault);
    expect(await standIn.client().redeem(id, action, details)).toMatchObject({
      grant_id: expect.any(String),
    });
  });

  it('does not run when the answer got lost: somebody may have the grant', async () => {
    const standIn = await openStandIn();
    await approved(standIn);
    standIn.fail('redeem', 'lost');
    let runs = 0;
    await expect(standIn.client().guard(action, details, () => (runs += 1))).rejects.toThrow(OutcomeUnknown);
    expect(runs).toBe(0);
  });

  it.each([
    ['was rejected', { status: 'rejected' }, 'approval_rejected'],
    ['has expired', { status: 'expired' }, 'approval_expired'],
    ['has lapsed', { status: 'approved', lapsed_at: '2030-01-01T00:00:00.000Z' }, 'approval_lapsed'],
    ['is pending', { status: 'pending' }, 'conflict'],
    ['was redeemed', { status: 'approved', redeemed_at: '2030-01-01T00:00:00.000Z' }, 'outcome_unknown'],
  ] as const)('says why when it %s', async (_what, changes, code) => {
    const standIn = await openStandIn();
    const client = standIn.client();
    const id = await client.requestApproval(action, details);
    standIn.approvals.change(id, changes);
    const problem = { status: code.startsWith('approval_') && code !== 'approval_rejected' ? 410 : 409 };
    await expect(client.redeem(id, action, details)).rejects.toMatchObject({ code, problem });
  });

  it('says so when something else was approved', async () => {
    const standIn = await openStandIn();
    const id = await approved(standIn);
    await expect(standIn.client().redeem(id, action, { budget_usd: 501 })).rejects.toMatchObject({
      code: 'digest_mismatch',
      problem: { status: 412, request_id: 'r-1' },
    });
  });
});

describe('refusals', () => {
  it.each<[number, string]>([
    [400, 'validation_failed'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [413, 'too_large'],
  ])('are not tried again: %i %s', async (status, code) => {
    const standIn = await openStandIn();
    const errors = [{ field: 'details.to', message: 'must be set' }];
    standIn.fail('ask', { status, body: { status, code, title: 'No', detail: 'not like this', errors } });
    const asked = standIn.client().requestApproval(action, details);
    await expect(asked).rejects.toMatchObject({
      name: 'ActpError',
      code,
      message: `POST /v1/approvals: ${status} not like this (details.to must be set)`,
      problem: { status, code, title: 'No', detail: 'not like this', errors },
    });
    expect(standIn.seen('ask')).toHaveLength(1);
  });

  it('are told apart when the policy is what refuses', async () => {
    const standIn = await openStandIn();
    standIn.fail('ask', { status: 403, body: { code: 'policy_denied', detail: 'never' } });
    await expect(standIn.client().requestApproval(action, details)).rejects.toThrow(PolicyDenied);
  });

  it.each<[string, Fault]>([
    ['a proxy that refuses', { status: 402, body: 'no' }],
    ['a code that is not known here', { status: 418, body: { code: 'teapot' } }],
  ])('have a code also from %s', async (_what, fault) => {
    const standIn = await openStandIn();
    standIn.fail('ask', fault);
    await expect(standIn.client().requestApproval(action, details)).rejects.toMatchObject({
      code: 'unexpected_answer',
    });
  });
});

describe('the secret', () => {
  it('does not follow a redirect', async () => {
    const elsewhere = createServer((_request, response) => response.end());
    let visits = 0;
    elsewhere.on('request', () => (visits += 1));
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    onTestFinished(() => void elsewhere.close());
    const { port } = elsewhere.address() as AddressInfo;
    const standIn = await openStandIn();
    standIn.fail('ask', { status: 307, headers: { location: `http://127.0.0.1:${port}/v1/approvals` } });
    await expect(standIn.client().requestApproval(action, details)).rejects.toMatchObject({
      code: 'unexpected_answer',
      message: expect.stringContaining('redirects are not followed'),
    });
    expect(visits).toBe(0);
  });

  it('is in no error, whatever answered', async () => {
    const echo = { code: secret, title: secret, detail: `your key is ${secret}`, request_id: secret };
    const errors = [{ field: secret, message: secret }];
    const faults: Fault[] = [
      'reset',
      'garbage',
      { status: 401, body: { ...echo, errors } },
      { status: 503, body: echo },
    ];
    for (const fault of faults) {
      const standIn = await openStandIn();
      standIn.fail('ask', fault);
      const asked = standIn.client({ retrySeconds: 0 }).requestApproval(action, details);
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ActpError);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
    }
  });
});

it('every call names the agent and shows the secret in its header alone', async () => {
  const standIn = await openStandIn();
  const client = standIn.client({ agentId: 'a b' });
  const id = await approved(standIn);
  await client.checkApproval(id);
  await client.redeem(id, action, details);
  await client.reportOutcome(id, 'succeeded', { ads: 3 });
  const other = await client.requestApproval(action, details, undefined, { workId: 'second' });
  await client.cancel(other);
  const calls: Call[] = ['ask', 'read', 'redeem', 'report', 'ask', 'cancel'];
  expect(standIn.seen().map(({ call }) => call)).toEqual(calls);
  for (const { headers, body } of standIn.seen().slice(1)) {
    expect(headers).toMatchObject({ authorization: `Bearer ${secret}`, 'x-agent-id': 'a b' });
    expect(JSON.stringify(body)).not.toContain(secret);
  }
});
