import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createClient, type Approval, type ClientOptions } from '@actp/sdk';
import { eventually } from '@actp/testing/eventually';
import { openStores, type Stores } from '@actp/testing/stores';
import { json, openGateway, operatorToken, secret, type TestGateway } from './gateway-process.fixture.ts';

const agentProgram = fileURLToPath(new URL('./sdk-agent.fixture.ts', import.meta.url));
const action = 'dm.bulk_send';
const details = { recipients: 25 };

let stores: Stores;
let gateway: TestGateway;
let token: string;
let folder: string;

beforeAll(async () => {
  stores = await openStores();
  gateway = await openGateway(stores);
  token = await operatorToken(gateway);
  folder = await mkdtemp(join(tmpdir(), 'actp-agents-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const clientOf = (options: Partial<ClientOptions> = {}) =>
  createClient({ url: gateway.url, secret, ...options });

/** A person decides, about what they were shown. */
async function decide({ id, action_digest }: Approval, decision: 'approved' | 'rejected'): Promise<void> {
  const body = json({ decision, action_digest }, { authorization: `Bearer ${token}` });
  const answer = await gateway.fetch(`/v1/approvals/${id}/decision`, body);
  expect(answer.status).toBe(200);
}

async function approvalsOf(workAgent: string): Promise<Approval[]> {
  const answer = await gateway.fetch('/v1/approvals?limit=100', {
    headers: { authorization: `Bearer ${token}` },
  });
  const { approvals } = (await answer.json()) as { approvals: Approval[] };
  return approvals.filter((approval) => approval.requested_by === workAgent);
}

describe('an agent with the SDK', () => {
  it('asks, waits, acts once on what was shown, and reports', async () => {
    const client = clientOf({ agentId: 'e2e-guard' });
    const result = await client.guard(
      action,
      { recipients: 25, to: ['Zoë', '\u{1f600}'] },
      ({ details: shown }) => shown.to.length,
      {
        onPending: (approval) => void decide(approval, 'approved'),
        resultToReport: (sent) => ({ sent }),
      },
    );
    expect(result).toBe(2);
    const [approval] = await approvalsOf('e2e-guard');
    expect(approval).toMatchObject({ status: 'approved', outcome: 'succeeded', requested_by: 'e2e-guard' });
    const { rows } = await stores.sql.query(
      `select action_type, status from actp_agent_audit_log where approval_id = $1 order by id`,
      [approval?.id],
    );
    expect(rows.map(({ action_type, status }) => `${action_type} ${status}`)).toEqual([
      'approval.request ok',
      'approval.decide ok',
      'approval.redeem ok',
      'approval.outcome ok',
    ]);
  });

  it('[TRU-006] asks the policy first: what it allows runs, what it denies does not, and nobody is asked', async () => {
    const client = clientOf({ agentId: 'e2e-policy' });
    expect(await client.guard(action, { recipients: 5 }, ({ details: { recipients } }) => recipients)).toBe(
      5,
    );
    const denied = client.guard('stripe.charge', { amount_usd: -5 }, () => 'ran');
    await expect(denied).rejects.toMatchObject({
      name: 'PolicyDenied',
      code: 'policy_denied',
      rule: 'gate:stripe.charge',
      reasons: [{ code: 'denied', detail: expect.stringContaining('the policy denies stripe.charge') }],
    });
    await expect(client.requestApproval('stripe.charge', { amount_usd: -5 })).rejects.toMatchObject({
      name: 'PolicyDenied',
      rule: 'gate:stripe.charge',
      problem: { status: 403 },
    });
    expect(await approvalsOf('e2e-policy')).toEqual([]);
  });

  it('[TRU-006] runs allowed work with a workId once', async () => {
    const client = clientOf({ agentId: 'e2e-work' });
    const workId = randomUUID();
    let runs = 0;
    const send = (id?: string) =>
      client.guard(action, { recipients: 5 }, () => (runs += 1), { workId: id, reason: 'once' });
    const rushed = await Promise.allSettled(Array.from({ length: 10 }, () => send(workId)));
    expect(rushed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(runs).toBe(1);
    await expect(send(workId)).rejects.toMatchObject({ name: 'WorkFinished', approval: undefined });
    await send();
    await send();
    expect(runs).toBe(3);
  });

  it('[SEC-010] hears pending, approved, rejected or expired', async () => {
    const client = clientOf({ agentId: 'e2e-check' });
    const ask = async (ttlSeconds?: number) =>
      client.requestApproval(action, details, undefined, { workId: randomUUID(), ttlSeconds });
    const [approved, rejected, expired, cancelled, waiting] = await Promise.all([
      ask(),
      ask(),
      ask(1),
      ask(),
      ask(),
    ]);
    await decide(await client.getApproval(approved), 'approved');
    await decide(await client.getApproval(rejected), 'rejected');
    await client.cancel(cancelled);
    await eventually(async () => (await client.checkApproval(expired)) !== 'pending');
    const words = [approved, rejected, expired, cancelled, waiting].map((id) => client.checkApproval(id));
    expect(await Promise.all(words)).toEqual(['approved', 'rejected', 'expired', 'rejected', 'pending']);
  });

  it('hears a refusal as an error of its own, with the words of the gateway', async () => {
    const client = clientOf({ agentId: 'e2e-refusals' });
    const id = await client.requestApproval(action, details);
    await expect(client.redeem(id, action, details)).rejects.toMatchObject({ code: 'conflict' });
    await decide(await client.getApproval(id), 'approved');
    await expect(client.redeem(id, action, { recipients: 26 })).rejects.toMatchObject({
      code: 'digest_mismatch',
    });
    await client.redeem(id, action, details);
    await expect(client.redeem(id, action, details)).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      problem: { status: 409, request_id: expect.any(String) },
    });
    await client.reportOutcome(id, 'failed', { error: 'no network' });
    await expect(client.guard(action, details, () => 'ran')).rejects.toMatchObject({ name: 'WorkFinished' });
    await expect(client.requestApproval('не', details)).rejects.toMatchObject({
      code: 'validation_failed',
      problem: { status: 400, errors: [{ field: 'action', message: expect.any(String) }] },
    });
    await expect(
      clientOf({ secret: 'not-the-secret-of-this-gateway-0123456789' }).requestApproval(action, details),
    ).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('goes on waiting while the gateway is restarted', async () => {
    const first = await openGateway(stores);
    const client = createClient({ url: first.url, secret, agentId: 'e2e-restart', waitSeconds: 5 });
    let pending: Approval | undefined;
    const guarded = client.guard(action, details, () => 'ran', {
      onPending: (approval) => (pending = approval),
    });
    const asked = await eventually(() => pending);
    await first.stop();
    const second = await openGateway(stores, { port: first.port });
    expect(second.port).toBe(first.port);
    await decide(asked, 'approved');
    expect(await guarded).toBe('ran');
  });
});

describe('an agent that is killed', () => {
  type Agent = ChildProcessByStdio<null, Readable, null>;
  const effectsOf = (workId: string) => join(folder, workId);
  const effects = (workId: string) =>
    existsSync(effectsOf(workId)) ? readFileSync(effectsOf(workId), 'utf8').trim().split('\n') : [];

  /** Starts the agent's process; `hold` is where it stays until it is killed. */
  function startAgent(
    workId: string,
    hold = '',
    recipients = 25,
  ): { agent: Agent; reached: (word: string) => Promise<unknown>; words: () => string[] } {
    const agent: Agent = spawn(process.execPath, [agentProgram], {
      env: {
        ACTP_URL: gateway.url,
        WORKER_SECRET: secret,
        WORK_ID: workId,
        EFFECTS: effectsOf(workId),
        HOLD: hold,
        RECIPIENTS: String(recipients),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    agent.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    onTestFinished(() => void agent.kill('SIGKILL'));
    const words = () => output.split('\n').filter((word) => word !== '');
    return { agent, words, reached: (word) => eventually(() => words().includes(word)) };
  }
  const kill = async (agent: Agent) => {
    const gone = once(agent, 'exit');
    agent.kill('SIGKILL');
    await gone;
  };
  /** The last word of an agent that came to its end. */
  const end = async ({ agent, words }: ReturnType<typeof startAgent>) => {
    if (agent.exitCode === null && agent.signalCode === null) await once(agent, 'close');
    await eventually(() => words().length > 0);
    return words().at(-1);
  };
  const onlyPending = () =>
    eventually(async () => (await approvalsOf('crashing-agent')).find(({ status }) => status === 'pending'));
  const count = async () => (await approvalsOf('crashing-agent')).length;

  it('while it waits finds its question again and acts once', async () => {
    const workId = randomUUID();
    const before = await count();
    const first = startAgent(workId);
    await first.reached('pending');
    await kill(first.agent);
    const second = startAgent(workId);
    await second.reached('pending');
    await decide(await onlyPending(), 'approved');
    expect(await end(second)).toBe('finished');
    expect(effects(workId)).toEqual([String(second.agent.pid)]);
    expect(await count()).toBe(before + 1);
  });

  it('before it hears the yes acts once when it is back', async () => {
    const workId = randomUUID();
    const first = startAgent(workId);
    await first.reached('pending');
    await kill(first.agent);
    await decide(await onlyPending(), 'approved');
    const second = startAgent(workId);
    expect(await end(second)).toBe('finished');
    expect(second.words()).not.toContain('pending');
    expect(effects(workId)).toHaveLength(1);
  });

  it.each([
    ['after it used the permission and before it acted', 'redeemed', 0],
    ['after it acted and before it could say so', 'acted', 1],
  ] as const)('%s is told that the outcome is unknown', async (_when, point, done) => {
    const workId = randomUUID();
    const first = startAgent(workId, point);
    await first.reached('pending');
    await decide(await onlyPending(), 'approved');
    await first.reached(point);
    await kill(first.agent);
    expect(await end(startAgent(workId))).toBe('OutcomeUnknown');
    expect(effects(workId)).toHaveLength(done);
  });

  it.each([
    ['before it acted', 'redeemed', 0],
    ['after it acted', 'acted', 1],
  ] as const)(
    '%s on what the policy allows is told that the outcome is unknown',
    async (_when, point, done) => {
      const workId = randomUUID();
      const first = startAgent(workId, point, 5);
      await first.reached(point);
      await kill(first.agent);
      expect(await end(startAgent(workId, '', 5))).toBe('OutcomeUnknown');
      expect(effects(workId)).toHaveLength(done);
    },
  );

  it('does not do finished work again', async () => {
    const workId = randomUUID();
    const first = startAgent(workId);
    await first.reached('pending');
    await decide(await onlyPending(), 'approved');
    expect(await end(first)).toBe('finished');
    expect(await end(startAgent(workId))).toBe('WorkFinished');
    expect(effects(workId)).toHaveLength(1);
  });

  it('acts at most once when two of it run, and when it is killed at any moment', async () => {
    for (let round = 0; round < 3; round += 1) {
      const workId = randomUUID();
      const before = await count();
      const [one, other] = [startAgent(workId), startAgent(workId)];
      await Promise.all([one.reached('pending'), other.reached('pending')]);
      const killed = delay(randomInt(60)).then(() => kill(one.agent));
      await decide(await onlyPending(), 'approved');
      await killed;
      await end(other);
      const last = await end(startAgent(workId));
      expect(['WorkFinished', 'OutcomeUnknown']).toContain(last);
      expect(effects(workId).length).toBeLessThanOrEqual(1);
      if (last === 'WorkFinished') expect(effects(workId)).toHaveLength(1);
      expect(await count()).toBe(before + 1);
    }
  });
});
