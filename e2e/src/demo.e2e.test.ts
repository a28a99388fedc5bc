import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { openGateway, operator, operatorToken, secret, type TestGateway } from './gateway-process.fixture.ts';

const root = join(import.meta.dirname, '../..');
// Where no .env stands: the one of a plane in this checkout has other secrets.
const folder = mkdtempSync(join(tmpdir(), 'actp-demo-'));
atEnd(() => rmSync(folder, { recursive: true }));
const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway(await openStores());
  await operatorToken(gateway);
});

const environment = (port: number) => ({
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
  GATEWAY_PORT: String(port),
  WORKER_SECRET: secret,
  OPERATOR_EMAIL: operator.email,
  OPERATOR_PASSWORD: operator.password,
});

/** `npm run demo`, after it has made sure that everything is installed. */
function startDemo(port = gateway.port, env: Record<string, string> = {}) {
  const demo = spawn(process.execPath, [join(root, 'examples/approval-demo/src/main.ts')], {
    cwd: folder,
    env: { ...environment(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void demo.kill('SIGKILL'));
  let output = '';
  const keep = (chunk: string) => (output += chunk);
  demo.stdout.setEncoding('utf8').on('data', keep);
  demo.stderr.setEncoding('utf8').on('data', keep);
  return {
    demo,
    output: () => output,
    waits: () => eventually(() => output.includes('Waiting ...')),
    end: async () => {
      if (demo.exitCode === null) await once(demo, 'close');
      return demo.exitCode;
    },
  };
}

/** What the demo says to type. */
const commandIn = (output: string) =>
  output
    .split('\n')
    .filter((line, at, lines) => /^ +node .*JSON\.stringify/.test(line) || lines[at - 1]?.endsWith('|'))
    .join('\n');

/** Types it, in the same folder. */
async function decideWith(command: string): Promise<string> {
  return (await run('sh', ['-c', command], { cwd: folder, env: environment(gateway.port) })).stdout;
}

const approvalIn = (output: string) => /approval +([0-9a-f-]{36})/.exec(output)?.[1] ?? '';

async function read(id: string): Promise<Record<string, unknown>> {
  const answer = await gateway.fetch(`/v1/approvals/${id}`, { headers: { 'x-agent-id': 'demo-agent' } });
  return (await answer.json()) as Record<string, unknown>;
}

describe('npm run demo', () => {
  it.skipIf(!hasCurl)(
    'lets a person approve with the printed command, acts once, and shows two refused tries',
    async () => {
      const { output, waits, end } = startDemo();
      await waits();
      const command = commandIn(output());
      for (const hidden of [secret, operator.password]) expect(output()).not.toContain(hidden);
      expect((await read(approvalIn(output())))['status']).toBe('pending');
      expect(await decideWith(command)).toContain('"status":"approved"');
      expect(await end()).toBe(0);
      expect(output()).toContain(`Approved by operator:${operator.email.toLowerCase()}`);
      expect(output()).toContain('sent 25 messages');
      expect(output()).toMatch(/the same again +409: .*\(WorkFinished, work_finished\)/);
      expect(output()).toMatch(/2500 instead +412: .*\(ActpError, digest_mismatch\)/);
      expect(output()).toContain('Sent in total: 25, once.');
      expect(output()).not.toContain('\u001b');
      expect(await read(approvalIn(output()))).toMatchObject({
        outcome: 'succeeded',
        requested_by: 'demo-agent',
      });
    },
  );

  it.skipIf(!hasCurl)('sends nothing when the person says no', async () => {
    const { output, waits, end } = startDemo();
    await waits();
    const command = commandIn(output()).replace('"decision":"approved"', '"decision":"rejected"');
    expect(await decideWith(command)).toContain('"status":"rejected"');
    expect(await end()).toBe(0);
    expect(output()).toContain('Rejected by operator:');
    expect(output()).toContain('The agent sent 0 messages.');
  });

  it('takes the question back on Ctrl-C, also when the signal comes twice', async () => {
    const { demo, output, waits, end } = startDemo();
    await waits();
    demo.kill('SIGINT');
    demo.kill('SIGINT');
    expect(await end()).toBe(1);
    expect(output()).toContain('Stopped: nothing was sent.');
    expect((await read(approvalIn(output())))['status']).toBe('cancelled');
  });

  it('says what to do when no plane answers', async () => {
    const port = await ownPort();
    const { output, end } = startDemo(port);
    expect(await end()).toBe(1);
    expect(output()).toContain(`No plane is running at http://127.0.0.1:${port}.`);
    expect(output()).toContain('npm start');
  });

  it('says what may be wrong when the plane does not take the secret', async () => {
    const { output, end } = startDemo(gateway.port, {
      WORKER_SECRET: 'of-another-copy-0123456789-0123456789',
    });
    expect(await end()).toBe(1);
    expect(output()).toContain('rejects this WORKER_SECRET');
  });

  it('explains itself', async () => {
    const help = await run(process.execPath, [join(root, 'scripts/demo.mjs'), '--help']);
    expect(help.stdout).toContain('Usage: npm run demo');
    await expect(run(process.execPath, [join(root, 'scripts/demo.mjs'), '--auto'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Unknown option: --auto'),
    });
  });
});
