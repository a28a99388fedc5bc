import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { registerApps } from '@actp/db/access/register-apps';
import { ownPort } from '@actp/testing/own-port';
import type { Examination } from '@actp/services/doctor/examine';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { createTelegramServer } from '@actp/testing/telegram/server';
import { commands } from '../../commands.ts';
import { runCli } from '../../run-cli.ts';

const stores = await openStores();
const DATABASE_APP_SECRET = randomBytes(32).toString('base64url');
await registerApps({ databaseUrl: stores.env.DATABASE_URL, secret: DATABASE_APP_SECRET });
const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, REDIS_URL } = stores.env;
const external = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, REDIS_URL, DATABASE_APP_SECRET };

let root: string;
let port: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'actp-doctor-'));
  const made = root;
  atEnd(() => rm(made, { recursive: true, force: true }));
  await writeFile(join(root, 'package.json'), '{"version":"1.2.3"}');
  port = String(await ownPort());
});

const writeEnv = (content: string, mode = 0o600) =>
  writeFile(join(root, '.env'), content).then(() => chmod(join(root, '.env'), mode));

/** Runs the command in this process, with nothing of our environment. */
async function doctor(words: string[] = [], env: Record<string, string> = {}) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const { PATH = '' } = process.env;
  const code = await runCli(['doctor', ...words], commands, {
    root,
    environment: { PATH, GATEWAY_PORT: port, ACD_URL: '', ...env },
    input: new PassThrough() as unknown as NodeJS.ReadStream,
    out: out as unknown as NodeJS.WriteStream,
    err: err as unknown as NodeJS.WriteStream,
  });
  out.end();
  err.end();
  return { code, out: await text(out), err: await text(err) };
}

async function findings(env: Record<string, string> = {}) {
  const { code, out } = await doctor(['--json'], env);
  const report = JSON.parse(out) as Examination;
  const states = Object.fromEntries(report.checks.map(({ name, state }) => [name, state]));
  return { code, out, report, states };
}

describe('npm run doctor', () => {
  it('reads the file of settings that ACTP_ENV_FILE names', async () => {
    await writeFile(join(root, 'other.env'), 'REDIS_URL=nowhere\n', { mode: 0o644 });
    const { report, states } = await findings({ ACTP_ENV_FILE: join(root, 'other.env') });
    expect(states).toMatchObject({ '.env': 'fail' });
    expect(JSON.stringify(report)).toContain('REDIS_URL');
  });

  it('says that the plane does not run, and looks at what there is', async () => {
    const { code, report, states } = await findings();
    expect(code).toBe(1);
    expect(report.ok).toBe(false);
    expect(states).toMatchObject({
      plane: 'fail',
      settings: 'ok',
      policy: 'ok',
      redis: 'off',
      database: 'off',
      queues: 'off',
      'self-test': 'off',
      telegram: 'off',
      ports: 'ok',
      '.env': 'off',
      'file modes': 'off',
    });
    // It looks, and makes nothing.
    expect(await readdir(root)).toEqual(['package.json']);
  });

  it('prints one aligned line each and a summary, without colour where nobody looks', async () => {
    const { out } = await doctor();
    const lines = out.trimEnd().split('\n');
    const [first = '', ...others] = lines.filter((line) => /^(?:ok|warn|fail|off) /.test(line));
    expect(first).toMatch(/^fail {2}plane +does not run .* {2}-> npm start$/);
    const column = first.indexOf('does not run');
    for (const line of others) expect(line.slice(column - 2, column + 1)).toMatch(/^ {2}\S$/);
    expect(lines.at(-1)).toMatch(/need.? a hand: \d+ ok, \d+ warn, \d+ fail, \d+ off$/);
    expect(out).not.toContain('\u001B');
  });

  it('looks at stores that run elsewhere while the plane does not', async () => {
    const { states } = await findings(external);
    expect(states).toMatchObject({
      redis: 'ok',
      database: 'ok',
      migrations: 'ok',
      'app keys': 'ok',
      clock: 'ok',
    });
  });

  it('names every setting that cannot be used, without its value, and goes on with the rest', async () => {
    await writeEnv('GATEWAY_HOST=0.0.0.0\nTELEGRAM_CHAT_ID=my-chat\n');
    const { code, out, states } = await findings({ LOG_LEVEL: 'loudly', SUPABASE_URL });
    expect(code).toBe(1);
    expect(states).toMatchObject({
      'setting GATEWAY_HOST': 'fail',
      'setting TELEGRAM_CHAT_ID': 'fail',
      'setting LOG_LEVEL': 'fail',
      'setting SUPABASE_SERVICE_ROLE_KEY': 'fail',
      policy: 'ok',
    });
    for (const value of ['my-chat', 'loudly']) expect(out).not.toContain(value);
  });

  it('looks on where .env cannot be read as a whole', async () => {
    await writeEnv('A=one two\n', 0o644);
    const { report } = await findings();
    const about = report.checks.filter(({ name }) => name === '.env').map(({ detail }) => detail);
    expect(about).toHaveLength(2);
    expect(about.join()).toContain('mode 0644');
    expect(about.join()).toContain('.env, line 1: A has a blank');
  });

  it('shows no secret of anything that it could not use', async () => {
    const telegram = await createTelegramServer({ token: `7654321:${'k'.repeat(35)}` });
    atEnd(() => telegram.stop());
    const secrets = {
      TELEGRAM_BOT_TOKEN: `7654321:${'w'.repeat(35)}`,
      SUPABASE_SERVICE_ROLE_KEY: `sb_secret_${'s'.repeat(32)}`,
      REDIS_URL: `redis://default:not-the-password@127.0.0.1:${await ownPort()}`,
      WORKER_SECRET: 'short-secret',
      BRAVE_API_KEY: 'key with blanks',
      ACD_TOKEN: 'token-of-a-coding-agent',
    };
    const { code, out, states } = await findings({
      ...secrets,
      SUPABASE_URL,
      TELEGRAM_API_ROOT: telegram.url,
    });
    expect(code).toBe(1);
    expect(states).toMatchObject({
      telegram: 'fail',
      database: 'fail',
      redis: 'fail',
      'setting WORKER_SECRET': 'fail',
      'web search': 'fail',
    });
    for (const secret of [...Object.values(secrets), 'not-the-password']) expect(out).not.toContain(secret);
  });

  it('explains itself', async () => {
    const { code, out } = await doctor(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: npm run doctor -- [options]');
    expect((await doctor(['--everything'])).code).toBe(2);
  });
});
