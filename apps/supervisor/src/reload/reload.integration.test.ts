import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseAppKey } from '@actp/db/access/app-key';
import { assertAccepted } from '@actp/db/access/assert-accepted';
import { createDb } from '@actp/db/client';
import { registerApps } from '@actp/db/access/register-apps';
import { readOutcome } from '@actp/embedded/reload-notes';
import { useFingerprintKey } from '@actp/redaction/fingerprint';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { editEnv } from '@actp/shared/env-file/edit';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { afterEach, expect, it } from 'vitest';
import { ensureEnvFile } from '../env-file.ts';
import { AppNotReplaced } from '../replace-app.ts';
import type { RunningApps } from '../run-apps.ts';
import { createReload } from './reload.ts';

const stores = await openStores();
const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL, REDIS_URL } = stores.env;
const stack = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL, REDIS_URL };
afterEach(() => {
  useOwnSecrets([]);
  useFingerprintKey(undefined);
});

/** A plane that runs with an `.env` of its own, whose apps are started anew by the given function. */
async function startPlane(
  restart: RunningApps['reload'],
  outside: Record<string, string> = {},
  inside: Record<string, string> = {},
) {
  const root = await mkdtemp(join(tmpdir(), 'actp-reload-'));
  atEnd(() => rm(root, { recursive: true, force: true }));
  const envFile = join(root, '.env');
  await writeFile(envFile, editEnv('', new Map(Object.entries(inside))));
  const { environment } = await ensureEnvFile(envFile, outside);
  const reload = createReload({
    root,
    envFile,
    outside,
    environment,
    stack,
    apps: { crashing: () => undefined, reload: restart, stop: () => Promise.resolve() },
    run: root,
    say: () => undefined,
    signal: new AbortController().signal,
  });
  return {
    environment,
    async set(changes: Record<string, string>) {
      const text = await readFile(envFile, 'utf8');
      await writeFile(envFile, editEnv(text, new Map(Object.entries(changes))));
    },
    async reload() {
      await reload();
      const outcome = readOutcome(root);
      return { ok: outcome?.ok, text: outcome?.lines.join('\n') };
    },
  };
}

const accepts = (secret: string | undefined) => {
  const DATABASE_APP_KEY = databaseAppKey(secret ?? '', 'gateway');
  const db = createDb({ SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_APP_KEY }, 'gateway', 20_000);
  return assertAccepted(db).then(
    () => true,
    () => false,
  );
};

it('[OPS-002] a new DATABASE_APP_SECRET counts before apps start with it, and that of before no more when all have', async () => {
  const next = 'n'.repeat(43);
  let former: string | undefined;
  let between: boolean[] = [];
  const plane = await startPlane(async (_settings, told) => {
    between = [await accepts(former), await accepts(next)];
    told('gateway');
  });
  former = plane.environment['DATABASE_APP_SECRET'];
  await registerApps({ databaseUrl: DATABASE_URL, secret: former ?? '' });
  await eventually(() => accepts(former));
  await plane.set({ DATABASE_APP_SECRET: next, AUDIT_RETENTION_DAYS: '400' });
  expect(await plane.reload()).toEqual({
    ok: true,
    text: 'Settings read again, and started anew: gateway',
  });
  expect(between).toEqual([true, true]);
  expect([await accepts(former), await accepts(next)]).toEqual([false, true]);
  const { rows } = await stores.sql.query('select days from actp_audit.retention');
  expect(rows).toEqual([{ days: 400 }]);
});

it('[SEC-020] says why an app does not start with new settings, and no secret of them nor of those of before', async () => {
  const former = 'other-words-that-look-like-no-secret';
  const next = 'words-that-look-like-no-secret-at-all';
  const plane = await startPlane(
    () => Promise.reject(new AppNotReplaced('gateway', `gateway exited:\nit has ${next}, and had ${former}`)),
    {},
    { WORKER_SECRET: former },
  );
  await plane.set({ WORKER_SECRET: next });
  const { ok, text } = await plane.reload();
  expect(ok).toBe(false);
  expect(text).toMatch(
    /^gateway does not start .*\ngateway exited:\nit has \[redacted:.*\], and had \[redacted:/m,
  );
  expect(text).not.toContain('words');
});

it('says what the environment of the supervisor overrules, and what needs a restart', async () => {
  const plane = await startPlane(() => Promise.resolve(), { SESSION_HOURS: '4' });
  await plane.set({ SESSION_HOURS: '5', STOP_SECONDS: '60' });
  const { ok, text } = await plane.reload();
  expect(ok).toBe(false);
  expect(text).toMatch(/^Set in the environment, which takes precedence over .*\.env: SESSION_HOURS$/m);
  expect(text).toMatch(/^In force only after a restart: STOP_SECONDS$/m);
});

it('[SEC-020] says what went wrong meanwhile, and no secret of that', async () => {
  const address = `redis://default:${'hunter2'.repeat(3)}@127.0.0.1:6379`;
  const plane = await startPlane(() => Promise.reject(new Error(`cannot reach ${address}`)));
  const { ok, text } = await plane.reload();
  expect(ok).toBe(false);
  expect(text).toMatch(/^Nothing was changed, and the plane runs on:\ncannot reach redis:\/\//);
  expect(text).not.toContain('hunter2');
});
