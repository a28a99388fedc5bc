import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import {
  json,
  openGateway,
  operator,
  operatorToken,
  secret,
  type TestGateway,
} from './gateway-process.fixture.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/approvals.md'), 'utf8');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))]
    .map(([, code = '']) => code)
    .join('\n');
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const run = promisify(execFile);

let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  gateway = await openGateway(await openStores());
  token = await operatorToken(gateway);
});

const environment = () => ({
  PATH: process.env['PATH'],
  ACTP_URL: gateway.url,
  WORKER_SECRET: secret,
  OPERATOR_EMAIL: operator.email,
  OPERATOR_PASSWORD: operator.password,
});

interface Row {
  id: string;
  status: string;
  requested_by: string;
  action_digest: string;
  outcome: string | null;
}
async function approvals(requestedBy: string): Promise<Row[]> {
  const answer = await gateway.fetch('/v1/approvals', { headers: { authorization: `Bearer ${token}` } });
  const { approvals: rows } = (await answer.json()) as { approvals: Row[] };
  return rows.filter((row) => row.requested_by === requestedBy);
}

describe('the guide to approvals', () => {
  it.skipIf(!hasCurl)('has curl commands that work as they stand there', async () => {
    const { stdout, stderr } = await run('sh', ['-c', blocks('sh')], { env: environment() });
    expect(stderr).toBe('');
    expect(stdout).toContain('acting, once');
    expect(stdout.trimEnd()).toMatch(/"status":409,"detail":"already redeemed".*\}$/);
    expect(await approvals('worker')).toMatchObject([{ status: 'approved', outcome: 'succeeded' }]);
    for (const hidden of [secret, operator.password]) expect(stdout).not.toContain(hidden);
  });

  it('has a TypeScript program that works as it stands there', async () => {
    const program = run(process.execPath, ['--input-type=module-typescript', '--eval', blocks('ts')], {
      cwd: join(import.meta.dirname, '..'),
      env: environment(),
    });
    const pending = await eventually(async () => (await approvals('shipping-agent'))[0]);
    const body = json(
      { decision: 'approved', action_digest: pending.action_digest },
      { authorization: `Bearer ${token}` },
    );
    await gateway.fetch(`/v1/approvals/${pending.id}/decision`, body);
    expect((await program).stdout).toMatch(/^sent to ada@example\.com under [0-9a-f-]{36}\n$/);
    expect(await approvals('shipping-agent')).toMatchObject([{ outcome: 'succeeded' }]);
  });
});
