import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { listenersOf } from '@actp/embedded/listening-sockets';
import { eventually } from '@actp/testing/eventually';
import { startCli } from './cli-process.fixture.ts';
import { startPlane } from './plane.fixture.ts';
import { startRequests, taken } from './steady-requests.fixture.ts';

const files = await mkdtemp(join(tmpdir(), 'actp-reload-'));
const secretFile = join(files, 'worker-secret');
// The shipped self-test with one file of its suite, which grows.
const selfTest = join(files, 'selftest.yaml');
const shipped = await readFile(join(import.meta.dirname, '../../config/selftest.yaml'), 'utf8');
await writeFile(selfTest, shipped.replace(/- packages\/shared\n/, '- packages/shared/src/money\n'));
const plane = await startPlane({ WORKER_SECRET_FILE: secretFile, SELFTEST_CONFIG: selfTest });
afterAll(() => plane.clean());
afterAll(() => rm(files, { recursive: true }));

interface Snapshot {
  run_id: string;
  trigger: string;
  status: string;
  services_up: number;
  services_total: number;
  tests_total: number;
  tests_failed: number;
}

const snapshots = async () =>
  ((await (await plane.get('/v1/health/snapshots?limit=5')).json()) as { snapshots: Snapshot[] }).snapshots;
const envFile = plane.settings['ACTP_ENV_FILE'] ?? '';
const statusWith = async (secret: string) =>
  (
    await fetch(`${plane.url}/v1/health/snapshots?limit=1`, {
      headers: { authorization: `Bearer ${secret}` },
    })
  ).status;
const reload = () => startCli(['reload'], { env: { ...plane.settings } }).ended;
const ready = async () => (await plane.get('/readyz')).status === 200;
const apps = ['gateway', 'scheduler', 'selftest-runner', 'approval-bot'];

/** Kills a process of the plane the hard way and waits until everything works again. */
async function kill(word: string): Promise<void> {
  const before = await plane.pids(word);
  expect(before.length).toBeGreaterThan(0);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await eventually(async () => (await plane.pids(word)).some((pid) => !before.includes(pid)));
  await eventually(ready);
}

describe('the plane', () => {
  it('[SEC-005] runs a self-test when it starts, and stores its result', async () => {
    const first = await eventually(async () => (await snapshots()).find((s) => s.trigger === 'startup'));
    expect(first).toMatchObject({ status: 'passed', tests_failed: 0 });
    // Not of the whole suite, which has hundreds.
    expect(first.tests_total).toBeGreaterThan(0);
    expect(first.tests_total).toBeLessThan(100);
    expect(first.services_up).toBe(first.services_total);
  });

  it('[SEC-018] listens on loopback and nothing else', async () => {
    const listeners = listenersOf(await plane.pids(''));
    // Gateway, Supabase proxy, PostgREST and its admin port, Postgres, Redis.
    expect(listeners.length).toBeGreaterThanOrEqual(6);
    for (const { address } of listeners) expect(address).toBe('127.0.0.1');
  });

  it('shows each app in its own process with its command line', async () => {
    for (const app of apps) expect(await plane.pids(`apps/${app}/src/main.ts`), app).toHaveLength(1);
  });

  it('never prints or passes a secret on a command line', async () => {
    expect(plane.printed()).not.toContain(plane.secret);
    expect(plane.printed()).not.toContain(plane.operator.password);
    expect(await plane.pids(plane.secret)).toEqual([]);
  });

  it('lets the operator in', async () => {
    const answer = await plane.post('/v1/auth/login', plane.operator);
    expect(answer.status).toBe(200);
  });

  it.each(apps)('starts %s again when it is killed', async (app) => {
    await kill(`apps/${app}/src/main.ts`);
  });

  it.each(['redis-server', 'postgres', 'postgrest'])(
    'works again, with the same apps, after %s was killed',
    async (store) => {
      const before = await Promise.all(apps.map((app) => plane.pids(`apps/${app}/src/main.ts`)));
      await kill(store);
      expect(await Promise.all(apps.map((app) => plane.pids(`apps/${app}/src/main.ts`)))).toEqual(before);
    },
  );

  it('runs a self-test on request after all that', async () => {
    const { job_id } = (await (await plane.post('/v1/jobs/selftest')).json()) as { job_id: string };
    const job = await eventually(
      async () => {
        const status = (await (await plane.get(`/v1/jobs/selftest/${job_id}`)).json()) as {
          state: string;
          result: { run_id: string; status: string };
        };
        return status.state === 'completed' ? status : undefined;
      },
      { every: 200 },
    );
    expect(job.result.status).toBe('passed');
    expect((await snapshots()).map((s) => s.run_id)).toContain(job.result.run_id);
  });

  it('[OPS-002] takes another WORKER_SECRET while it runs, and refuses or resets no connection meanwhile', async () => {
    const next = 'another-worker-secret-of-this-test-0123456789';
    const requests = startRequests(plane.url, plane.secret);
    await writeFile(secretFile, next);
    await writeFile(envFile, `WORKER_SECRET_PREVIOUS=${plane.secret}\n`, { mode: 0o600 });
    const [gateway, others] = [await plane.pids('apps/gateway'), await plane.pids('apps/scheduler')];
    expect(await reload()).toMatchObject({
      code: 0,
      out: 'Settings read again, and started anew: gateway\n',
    });
    await requests.more();
    const outcomes = await requests.stop();
    expect(Object.keys(outcomes)).toEqual([taken]);
    expect(await statusWith(plane.secret)).toBe(200);
    expect(await statusWith(next)).toBe(200);
    expect(await plane.pids('apps/gateway')).not.toEqual(gateway);
    expect(await plane.pids('apps/scheduler')).toEqual(others);
    expect(plane.printed()).not.toContain(next);
  });

  it('[OPS-002] runs on as it is when the settings cannot be used, or an app does not start with them', async () => {
    const good = await readFile(envFile, 'utf8');
    const gateway = await plane.pids('apps/gateway');
    await writeFile(envFile, `${good}SESSION_HOURS=no\nRATE_LIMIT_PER_USER=-1\n`);
    const refused = await reload();
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/Nothing was changed[^]*SESSION_HOURS: [^]*RATE_LIMIT_PER_USER: /);
    await writeFile(envFile, `${good}NODE_OPTIONS=--no-such-option\n`);
    expect(await reload()).toMatchObject({
      code: 1,
      out: expect.stringContaining('gateway does not start with the new settings') as string,
    });
    await writeFile(envFile, good);
    expect(await plane.pids('apps/gateway')).toEqual(gateway);
    expect(await statusWith(plane.secret)).toBe(200);
    // As a service manager asks for it.
    plane.child.kill('SIGHUP');
    await eventually(() => plane.printed().includes('nothing that is in force has changed'));
  });

  it('stops on Ctrl-C and leaves nothing behind', async () => {
    await plane.stop();
    expect(plane.child.exitCode).toBe(0);
    expect(await plane.pids('')).toEqual([]);
  });
});
