import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '@actp/embedded/process-identity';
import { expect, it } from 'vitest';
import { leaveApp } from './fixtures/leave-app.ts';
import { startPlaneProcess } from './fixtures/plane-process.ts';

it('names what a shell would read otherwise in .env, and starts nothing', async () => {
  const text = 'OPERATOR_PASSWORD=hunter2 $HOME\nGATEWAY_HOST=127.0.0.1\nWORKER_SECRET="hunter2$x"\n';
  const running = await startPlaneProcess({}, undefined, text);
  expect(await running.exited).toBe(1);
  const file = join(running.root, '.env');
  expect(running.printed()).toContain(`${file}, line 1: OPERATOR_PASSWORD has a blank`);
  expect(running.printed()).toContain(`${file}, line 3: WORKER_SECRET has a $ or \` in double quotes`);
  expect(running.printed()).not.toContain('hunter2');
  expect(await readdir(running.root)).toEqual(['.env']);
  await running.clean();
});

it('reads the file that ACTP_ENV_FILE names in place of .env, ends what a killed copy left, and prints no secret', async () => {
  const secret = 'words-that-look-like-no-secret-at-all';
  const { root, leftover } = await leaveApp();
  const running = await startPlaneProcess(
    { ACTP_ENV_FILE: 'other.env', WORKER_SECRET: secret },
    root,
    'WORKER_SECRET="a$x"\n',
  );
  // What stands in .env would keep it from starting; nothing stands in the other file.
  await running.says('is ready');
  expect(await readdir(running.root)).toContain('other.env');
  expect(isRunning(leftover)).toBe(false);
  // An app wrote it past its logger.
  await running.says('a request with ');
  expect(running.printed()).toMatch(/a request with \[redacted:/);
  expect(running.printed()).not.toContain(secret);
  running.child.kill('SIGINT');
  expect(await running.exited).toBe(0);
  await running.clean();
});
