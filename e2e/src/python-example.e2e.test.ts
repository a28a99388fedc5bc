import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operatorToken, secret, type TestGateway } from './gateway-process.fixture.ts';

const program = join(import.meta.dirname, '../../examples/approval.py');
const hasPython = spawnSync('python3', ['--version']).status === 0;

let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  gateway = await openGateway(await openStores());
  token = await operatorToken(gateway);
});

function startAgent(workId: string, env: Record<string, string> = {}) {
  const agent = spawn('python3', [program, workId], {
    env: {
      PATH: process.env['PATH'],
      PYTHONDONTWRITEBYTECODE: '1',
      ACTP_URL: gateway.url,
      WORKER_SECRET: secret,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void agent.kill('SIGKILL'));
  let output = '';
  const keep = (chunk: string) => (output += chunk);
  agent.stdout.setEncoding('utf8').on('data', keep);
  agent.stderr.setEncoding('utf8').on('data', keep);
  return async () => {
    if (agent.exitCode === null) await once(agent, 'close');
    return { code: agent.exitCode, output };
  };
}

interface Row {
  id: string;
  status: string;
  action_digest: string;
  outcome: string | null;
}
async function approvals(): Promise<Row[]> {
  const answer = await gateway.fetch('/v1/approvals', { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { approvals: Row[] }).approvals;
}
async function decide(decision: 'approved' | 'rejected'): Promise<void> {
  const { id, action_digest } = await eventually(async () =>
    (await approvals()).find((one) => one.status === 'pending'),
  );
  const body = json({ decision, action_digest }, { authorization: `Bearer ${token}` });
  expect((await gateway.fetch(`/v1/approvals/${id}/decision`, body)).status).toBe(200);
}

describe.skipIf(!hasPython)('the example in Python', () => {
  it('acts once after the yes, and not when it is started again for the same work', async () => {
    const workId = randomUUID();
    const first = startAgent(workId);
    await decide('approved');
    expect(await first()).toMatchObject({
      code: 0,
      output: expect.stringContaining('sent to ada@example.com'),
    });
    expect((await approvals())[0]).toMatchObject({ status: 'approved', outcome: 'succeeded' });
    const again = await startAgent(workId)();
    expect(again).toMatchObject({
      code: 1,
      output: expect.stringContaining('not sent: done before (succeeded)'),
    });
    expect(await approvals()).toHaveLength(1);
  });

  it('does not act after a no', async () => {
    const agent = startAgent(randomUUID());
    await decide('rejected');
    expect(await agent()).toMatchObject({ code: 1, output: expect.stringContaining('not sent: rejected') });
  });

  it('says so when the plane does not know it, without its secret', async () => {
    const wrong = 'not-the-secret-of-this-gateway-0123456789';
    const { code, output } = await startAgent(randomUUID(), { WORKER_SECRET: wrong })();
    expect(code).toBe(1);
    expect(output).toContain('not sent: 401');
    expect(output).not.toContain(wrong);
  });
});
