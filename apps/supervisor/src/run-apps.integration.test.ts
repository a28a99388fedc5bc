import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { expect, it } from 'vitest';
import type { ConsoleOutput } from './console-output.ts';
import { createLogFiles } from './log-files.ts';
import { runApps } from './run-apps.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-run-apps-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
const entry = fileURLToPath(new URL('./fixtures/noted-stop.ts', import.meta.url));
const output: ConsoleOutput = {
  line: () => undefined,
  say: () => undefined,
  progress: () => undefined,
  flush: () => Promise.resolve(),
};

it('the app that has the last word is told to stop when the others are gone', async () => {
  const order = join(folder, 'order');
  const logs = createLogFiles(folder, output);
  const running = await runApps({
    apps: [
      { name: 'auditor', entry, semiSpace: 2, settings: ['ORDER_FILE'], stopsLast: true },
      { name: 'worker', entry, semiSpace: 2, settings: ['ORDER_FILE', 'SLOW_STOP'] },
    ],
    root: folder,
    node: process.execPath,
    environment: { PATH: process.env['PATH'] ?? '', ORDER_FILE: order, SLOW_STOP: '1' },
    stack: {},
    // Half of it is how long the last one waits for one that hangs.
    stopMs: 240_000,
    run: folder,
    logs,
  });
  atEnd(() => running.stop(true));
  const noted = async () => (await readFile(order, 'utf8')).trimEnd().split('\n');
  await eventually(async () => (await noted()).length === 2);
  await running.stop();
  await logs.close();
  expect((await noted()).slice(2)).toEqual([
    'worker is told to stop',
    'worker ends',
    'auditor is told to stop',
    'auditor ends',
  ]);
});
