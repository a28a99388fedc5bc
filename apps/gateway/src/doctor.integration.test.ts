import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Examination } from '@actp/services/doctor/examine';
import { queueNames } from '@actp/shared/jobs/catalogue';
import { createWorker } from '@actp/shared/jobs/worker';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { createTelegramServer } from '@actp/testing/telegram/server';
import { json, log, openGateway, operatorToken, registeredUser } from './gateway.fixture.ts';

const stores = await openStores();
const telegram = await createTelegramServer({ token: `1234567:${'T'.repeat(35)}`, chats: [{ id: 4711 }] });
atEnd(() => telegram.stop());
const gateway = await openGateway(stores, {
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_API_ROOT: telegram.url,
  TELEGRAM_CHAT_ID: '4711',
  TELEGRAM_EXTRA_CHAT_IDS: [],
  TELEGRAM_APPROVER_IDS: [4711],
});
const workers = queueNames.map((queue) =>
  createWorker({ queue, redis: stores.env, log, handlers: {} as never, concurrency: 1 }),
);
atEnd(() => Promise.all(workers.map((worker) => worker.close())));
const token = await operatorToken(gateway);

async function look() {
  const answer = await gateway.fetch('/v1/doctor', { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  const text = await answer.text();
  return { text, report: JSON.parse(text) as Examination };
}

const stateOf = ({ report }: Awaited<ReturnType<typeof look>>, name: string) =>
  report.checks.find((check) => check.name === name)?.state;

describe('GET /v1/doctor', () => {
  it('tells an operator what works, and holds no secret', async () => {
    const seen = await eventually(async () => {
      const one = await look();
      return stateOf(one, 'queues') === 'ok' && one;
    });
    for (const name of [
      'plane',
      'redis',
      'database',
      'migrations',
      'app keys',
      'policy',
      'telegram',
      'clock',
    ]) {
      expect([name, stateOf(seen, name)]).toEqual([name, 'ok']);
    }
    // What the gateway has no settings for.
    expect(stateOf(seen, 'sandbox')).toBe('off');
    expect(stateOf(seen, 'services for tasks')).toBe('off');
    for (const secret of [
      telegram.token,
      stores.env.SUPABASE_SERVICE_ROLE_KEY,
      stores.env.DATABASE_APP_KEY,
    ]) {
      expect(seen.text).not.toContain(secret);
    }
    expect(seen.text).not.toContain(new URL(stores.env.REDIS_URL).password);
  });

  it('looks at the file with the settings that run, and at no other', async () => {
    expect(stateOf(await look(), '.env')).toBe('off');
    const folder = await mkdtemp(join(tmpdir(), 'actp-doctor-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'plane.env');
    await writeFile(file, 'WORKER_SECRET=' + 'x'.repeat(32) + '\n');
    await chmod(file, 0o644);
    const other = await openGateway(stores, { ACTP_ENV_FILE: file });
    const answer = await other.fetch('/v1/doctor', {
      headers: { authorization: `Bearer ${await operatorToken(other)}` },
    });
    const text = await answer.text();
    const found = (JSON.parse(text) as Examination).checks.find(({ name }) => name === '.env');
    expect(found).toMatchObject({ state: 'fail' });
    expect(found?.detail).toContain('mode 0644');
    expect(text).not.toContain(folder);
    await other.stop();
  });

  it('says what needs a hand, with its remedy', async () => {
    telegram.setReachability(4711, 'blocked');
    const seen = await eventually(async () => {
      const one = await look();
      return stateOf(one, 'telegram chat') === 'fail' && one;
    });
    expect(seen.report.ok).toBe(false);
    expect(seen.report.checks.find(({ name }) => name === 'telegram chat')?.remedy).toContain('Unblock it');
  });

  it('is for operators alone', async () => {
    expect((await gateway.fetch('/v1/doctor')).status).toBe(403);
    expect((await gateway.fetch('/v1/doctor', { headers: { authorization: '' } })).status).toBe(401);
    const user = await registeredUser(gateway, 'someone@example.com');
    const answer = await gateway.fetch('/v1/doctor', { headers: { authorization: `Bearer ${user.token}` } });
    expect(answer.status).toBe(403);
    expect((await gateway.fetch('/v1/doctor', json({}))).status).toBe(405);
  });
});
