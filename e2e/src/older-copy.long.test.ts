import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { startPlane, type Plane } from './plane.fixture.ts';

const root = join(import.meta.dirname, '../..');
const kills = 8;
const mostMs = 4_000;
const action = 'dm.bulk_send';
const details = { recipients: 25 };

async function start(settings: Record<string, string> = {}): Promise<Plane> {
  const plane = await startPlane(settings);
  atEnd(() => plane.clean());
  return plane;
}

/** Everything at once, as a power cut does it to processes. */
async function killAll(plane: Plane): Promise<void> {
  const gone = once(plane.child, 'exit');
  for (const pid of await plane.pids('')) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      continue; // it ended meanwhile
    }
  }
  await gone;
}

const ask = (plane: Plane) =>
  plane.post('/v1/approvals', { action, details: { ...details, n: randomUUID() } }).catch(() => undefined);

it('is never held by kill -9 of everything, at whatever moment, nor by a clean stop', async () => {
  let plane = await start();
  for (let n = 0; n < kills; n += 1) {
    const over = new AbortController();
    const load = (async () => {
      while (!over.signal.aborted) await ask(plane);
    })();
    await delay(Math.random() * mostMs);
    await (n === kills - 1 ? plane.stop() : killAll(plane));
    over.abort();
    await load;
    plane = await start(plane.settings);
    expect(plane.printed()).toContain('actp-worker is ready');
    expect((await plane.get('/readyz')).status).toBe(200);
  }
});

it('is held when the older data folder is put back, until an operator accepts it', async () => {
  let plane = await start();
  const dataDir = plane.settings['ACTP_DATA_DIR'] ?? '';
  const kept = await mkdtemp(join(tmpdir(), 'actp-kept-'));
  atEnd(() => rm(kept, { recursive: true, force: true }));
  const asked = (await (await plane.post('/v1/approvals', { action, details })).json()) as {
    id: string;
    action_digest: string;
  };
  const login = async () => {
    const answer = await fetch(`${plane.url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(plane.operator),
    });
    return { authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
  };
  const asOperator = async (path: string, method: string, body: unknown) =>
    fetch(`${plane.url}${path}`, {
      method,
      headers: { ...(await login()), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const decision = { decision: 'approved', action_digest: asked.action_digest };
  expect((await asOperator(`/v1/approvals/${asked.id}/decision`, 'POST', decision)).status).toBe(200);
  await plane.stop();
  await cp(dataDir, join(kept, 'data'), { recursive: true, preserveTimestamps: true });

  plane = await start(plane.settings);
  const redeem = () => plane.post(`/v1/approvals/${asked.id}/redeem`, { action, details });
  expect((await redeem()).status).toBe(200);
  const stop = { scope: `action:${action}`, reason: 'a test' };
  expect((await asOperator('/v1/kill-switch', 'POST', stop)).status).toBe(201);
  await plane.stop();
  await rm(dataDir, { recursive: true });
  await cp(join(kept, 'data'), dataDir, { recursive: true, preserveTimestamps: true });

  plane = await start(plane.settings);
  expect(plane.printed()).toContain('actp-worker is HELD');
  const refused = await redeem();
  expect([refused.status, await refused.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'plane_held' }),
  ]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/cli.mjs', 'restore', '--accept', '--yes'],
    { cwd: root, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...plane.settings } },
  );
  expect(stdout).toContain('Accepted: 1 approvals are void');
  expect(stdout).toContain(`stops: action:${action}`);
  await eventually(async () => (await plane.get('/readyz')).status === 200);
  // Lapsed.
  expect((await redeem()).status).toBe(410);
  await killAll(plane);
  plane = await start(plane.settings);
  expect(plane.printed()).toContain('actp-worker is ready');
  // Lapsed.
  expect((await redeem()).status).toBe(410);
});
