import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, it } from 'vitest';
import { createConsoleOutput } from './console-output.ts';
import { createAsyncStream } from './async-stream.ts';
import { createSupervisor } from './supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'container-setting-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('[SEC-018] npm start refuses the setting with which the gateway of a container listens elsewhere, and makes nothing', async () => {
  const output = createConsoleOutput({ stream: createAsyncStream(1), terminal: false, prefixWidth: 1 });
  const supervisor = createSupervisor({
    root: folder,
    apps: [],
    node: process.execPath,
    environment: { ACTP_CONTAINER: 'true' },
    output,
  });
  await expect(supervisor.start()).rejects.toThrow('ACTP_CONTAINER: is for the container image alone');
  expect(readdirSync(folder)).toEqual([]);
});
