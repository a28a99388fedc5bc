import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { eventually } from '@actp/testing/eventually';
import { afterAll, expect, it } from 'vitest';
import { startCli } from './cli-process.fixture.ts';
import { startPlane } from './plane.fixture.ts';
import { startRequests, taken } from './steady-requests.fixture.ts';

const files = await mkdtemp(join(tmpdir(), 'actp-rotation-'));
afterAll(() => rm(files, { recursive: true }));
// Not set in the environment: generated into the plane's .env, where they can be changed.
const inFile = [
  'SESSION_SECRET',
  'DATABASE_APP_SECRET',
  'OPERATOR_PASSWORD',
  'AUDIT_SIGNING_KEY',
  'REDACTION_KEY',
];
const plane = await startPlane({
  WORKER_SECRET_FILE: join(files, 'worker-secret'),
  ...Object.fromEntries(inFile.map((name) => [name, ''])),
});
afterAll(() => plane.clean());

const envFile = plane.settings['ACTP_ENV_FILE'] ?? '';
const current = async () => parseEnv(await readFile(envFile, 'utf8')) as Record<string, string>;
const cli = (...words: string[]) => startCli(words, { env: { ...plane.settings } }).ended;
const another = () => randomBytes(32).toString('base64url');

/** Puts these settings into the file and has the plane read it. */
async function change(settings: Record<string, string>) {
  const lines = Object.entries({ ...(await current()), ...settings });
  await writeFile(envFile, lines.map(([name, value]) => `${name}=${value}\n`).join(''));
  return cli('reload');
}

async function logIn(password = ''): Promise<{ status: number; token: string | undefined }> {
  const answer = await plane.post('/v1/auth/login', { email: plane.operator.email, password });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  return { status: answer.status, token };
}

const statusWith = async (token = '') =>
  (await fetch(`${plane.url}/v1/sessions`, { headers: { authorization: `Bearer ${token}` } })).status;

it('[OPS-002] every secret is rotated while requests come in, and none of them is refused', async () => {
  const before = await current();
  const token = await eventually(async () => (await logIn(before['OPERATOR_PASSWORD'])).token);
  expect(await statusWith(token)).toBe(200);
  const requests = startRequests(plane.url, plane.secret);

  const rotated = await change({
    SESSION_SECRET: another(),
    SESSION_SECRET_PREVIOUS: before['SESSION_SECRET'] ?? '',
    AUDIT_SIGNING_KEY: another(),
    AUDIT_SIGNING_KEY_PREVIOUS: before['AUDIT_SIGNING_KEY'] ?? '',
    DATABASE_APP_SECRET: another(),
    REDACTION_KEY: another(),
    BRAVE_API_KEY: another(),
  });
  expect(rotated.out).toBe(
    'Settings read again, and started anew: gateway, scheduler, selftest-runner, approval-bot, executor, inspector, auditor\n',
  );
  expect(rotated.code).toBe(0);
  expect(await statusWith(token)).toBe(200);
  await eventually(async () => (await plane.get('/readyz')).status === 200, { within: 60_000 });
  await eventually(async () => (await cli('audit', 'verify')).code === 0, { within: 60_000, every: 1_000 });

  const password = another();
  const renewed = await change({
    OPERATOR_PASSWORD: password,
    SESSION_SECRET_PREVIOUS: '',
    AUDIT_SIGNING_KEY_PREVIOUS: '',
  });
  expect(renewed.out).toBe('Settings read again, and started anew: gateway, approval-bot, auditor\n');
  await eventually(async () => (await logIn(password)).status === 200, { within: 60_000 });
  expect((await logIn(before['OPERATOR_PASSWORD'])).status).toBe(401);
  expect(await statusWith(token)).toBe(401);
  await eventually(async () => (await cli('audit', 'verify')).code === 0, { within: 60_000, every: 1_000 });

  await requests.more();
  const outcomes = await requests.stop();
  expect(Object.keys(outcomes)).toEqual([taken]);
}, 300_000);
