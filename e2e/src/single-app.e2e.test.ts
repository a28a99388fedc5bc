import { describe, expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json } from './gateway-process.fixture.ts';
import { runApp, settingsFile } from './single-app.fixture.ts';

const stores = await openStores();
const workerSecret = 'worker-secret-of-the-file-0123456789';
const settings = {
  SUPABASE_URL: stores.env.SUPABASE_URL,
  SUPABASE_SERVICE_ROLE_KEY: stores.env.SUPABASE_SERVICE_ROLE_KEY,
  DATABASE_URL: stores.env.DATABASE_URL,
  DATABASE_APP_SECRET: 'database-app-secret-of-the-file-0123',
  REDIS_URL: stores.env.REDIS_URL,
  WORKER_SECRET: workerSecret,
  SESSION_SECRET: 'session-secret-of-the-file-0123456789',
  OPERATOR_PASSWORD: 'a long enough passphrase',
  REDACTION_KEY: 'redaction-key-of-the-file-0123456789',
  STOP_SECONDS: '120',
};

const authorization = { authorization: `Bearer ${workerSecret}` };
const guarded = { action: 'copies.try', details: {} };

const end = async (words: readonly string[], environment: Record<string, string> = {}) => {
  const run = runApp(words, environment);
  return { code: await run.ended, text: run.printed() };
};

describe('npm run app', () => {
  it('runs two gateways on one plane, each from the same file, until a signal', async () => {
    const file = await settingsFile(settings);
    expect(await end(['migrate', '--env-file', file])).toMatchObject({ code: 0 });
    const ports = [await ownPort(), await ownPort()];
    const copies = ports.map((port) =>
      runApp(['gateway', '--env-file', file], { GATEWAY_PORT: String(port) }),
    );
    for (const [index, port] of ports.entries()) {
      const answer = await eventually(async () => {
        if (copies[index]?.child.exitCode !== null) throw new Error(copies[index]?.printed());
        const response = await fetch(`http://127.0.0.1:${port}/v1/guard`, json(guarded, authorization));
        return response.ok && response;
      });
      expect(await answer.json()).toMatchObject({ effect: 'allow' });
    }
    for (const { child, ended, printed } of copies) {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(printed()).toContain('"stopped"');
      expect(printed()).not.toContain(workerSecret);
    }
  });

  it('says what is wrong: the name, the file, a setting, stores that are not there', async () => {
    const unknown = await end(['gatewey']);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.text).toContain('There is no app "gatewey"');
    expect(unknown.text).toContain('  approval-bot\n');
    expect(await end([])).toMatchObject({ code: 2 });
    expect(await end(['--help'])).toMatchObject({ code: 0 });
    const missing = await end(['gateway', '--env-file', '/nowhere/plane.env']);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.text).toContain('there is no file /nowhere/plane.env');
    const { SUPABASE_URL: _, SUPABASE_SERVICE_ROLE_KEY: __, ...withoutSupabase } = settings;
    const file = await settingsFile({ ...withoutSupabase, GATEWAY_PORT: 'eighty' });
    const bad = await end(['gateway', '--env-file', file]);
    expect(bad).toMatchObject({ code: 1 });
    expect(bad.text).toContain('GATEWAY_PORT: must be a whole number');
    const alone = await end(['gateway', '--env-file', file], {
      GATEWAY_PORT: '8787',
      ACTP_DATA_DIR: '/nowhere',
    });
    expect(alone.text).toContain('SUPABASE_URL: must be set: no plane runs in ACTP_DATA_DIR');
    const secretless = await end([
      'gateway',
      '--env-file',
      await settingsFile({ ...settings, WORKER_SECRET: '' }),
    ]);
    expect(secretless).toMatchObject({ code: 1 });
    expect(secretless.text).toContain('WORKER_SECRET: must be set');
  });
});
