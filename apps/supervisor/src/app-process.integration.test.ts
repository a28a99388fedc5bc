import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { expect, it } from 'vitest';
import { createAppProcess } from './app-process.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-app-process-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
const entry = fileURLToPath(new URL('./fixtures/hanging.ts', import.meta.url));

async function startApp(settings: Record<string, string> = {}) {
  const lines: string[] = [];
  const pids: number[] = [];
  const events: string[] = [];
  const app = createAppProcess({
    app: { name: 'hanging', entry, semiSpace: 2, settings: [] },
    root: folder,
    node: process.execPath,
    env: { PATH: process.env['PATH'] ?? '', ...settings },
    deathSignal: [],
    pidFile: join(folder, 'hanging.pid'),
    stopMs: 1_000,
    heartbeats: { checkMs: 100, missed: 20, missedAtStart: 600 },
    onLine: (line) => {
      lines.push(line);
      const pid = /^up (\d+)$/.exec(line)?.[1];
      if (pid !== undefined) pids.push(Number(pid));
    },
    onEvent: (text) => events.push(text),
  });
  atEnd(() => app.stop(true));
  await app.start();
  await eventually(() => pids.length > 0);
  return { app, pids, events, lines };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it.each(['SIGSTOP', 'SIGUSR2'] as const)(
  '[TRU-007] an app that hangs is killed and started again: %s',
  async (signal) => {
    const { app, pids, events } = await startApp();
    const first = pids.at(-1) ?? 0;
    process.kill(first, signal);
    await eventually(() => pids.at(-1) !== first);
    expect(events).toContain('does not respond; killing it');
    expect(events.some((text) => text.startsWith('was killed by SIGKILL; restarting in '))).toBe(true);
    await app.stop(true);
  },
);

it('[TRU-007] an app that ignores the signal to stop is killed', async () => {
  const { app, pids, lines } = await startApp({ IGNORE_SIGTERM: '1' });
  const pid = pids.at(-1) ?? 0;
  const stopping = app.stop();
  try {
    await eventually(() => !isAlive(pid));
  } finally {
    // Otherwise nothing would end it, nor the stop that waits for it.
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
  await stopping;
  expect(lines).toContain('told');
});

it('an app that is killed leaves no program behind that it has started', async () => {
  const { app, pids, lines } = await startApp({ START_CHILD: '1' });
  const child = Number(lines.find((line) => line.startsWith('child '))?.slice(6));
  expect(isAlive(child)).toBe(true);
  try {
    process.kill(pids.at(-1) ?? 0, 'SIGKILL');
    await eventually(() => !isAlive(child));
  } finally {
    if (isAlive(child)) process.kill(child, 'SIGKILL');
  }
  await app.stop(true);
});
