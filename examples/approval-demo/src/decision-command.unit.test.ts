import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decisionCommand } from './decision-command.ts';

const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const approval = { id: '6a3c7a0e-5f0d-4c7e-9d0c-0f2f9a3f8a10', action_digest: 'd'.repeat(64) };
const password = `pass "word" \\ with $HOME and 'quotes'`;
const token = 'header.payload.signature';

interface Seen {
  url: string | undefined;
  authorization: string | undefined;
  body: unknown;
  /** The arguments of every process at that moment. */
  processes: string;
}

/** Takes what the command sends and looks at who runs meanwhile. */
async function openRecorder() {
  const seen: Seen[] = [];
  const record = async (request: IncomingMessage, response: ServerResponse) => {
    const { url, headers } = request;
    const body: unknown = JSON.parse(await text(request));
    seen.push({ url, authorization: headers.authorization, body, processes: await allArguments() });
    response.end(JSON.stringify({ access_token: token }));
  };
  const server = createServer((request, response) => void record(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function allArguments(): Promise<string> {
  if (!existsSync('/proc/self/cmdline')) return '';
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(all)).join('\n');
}

describe.skipIf(!hasCurl)('the printed command', () => {
  it.each([
    ['.env', true],
    ['the environment', false],
  ])(
    'logs in with the password from %s and decides, with no secret in any argument',
    async (_from, envFile) => {
      const folder = await mkdtemp(join(tmpdir(), 'actp-demo-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      if (envFile)
        await writeFile(
          join(folder, '.env'),
          `# of npm start\nOPERATOR_PASSWORD="${password.replaceAll(/[\\"$`]/g, String.raw`\$&`)}"\n`,
        );
      const { url, seen } = await openRecorder();
      const operatorEmail = "o'brien@example.com";
      const command = decisionCommand({ url, operatorEmail, envFile, approval, decision: 'approved' });
      expect(command).not.toContain(password);
      const env = { PATH: process.env['PATH'], ...(envFile ? {} : { OPERATOR_PASSWORD: password }) };
      await run('sh', ['-c', command], { cwd: folder, env });
      expect(seen).toMatchObject([
        { url: '/v1/auth/login', body: { email: operatorEmail, password } },
        {
          url: `/v1/approvals/${approval.id}/decision`,
          authorization: `Bearer ${token}`,
          body: { decision: 'approved', action_digest: approval.action_digest },
        },
      ]);
      for (const { processes } of seen) {
        expect(processes).not.toContain(password);
        expect(processes).not.toContain(token);
      }
    },
  );
});
