import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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

it('reads the file that ACTP_ENV_FILE names in place of .env', async () => {
  const running = await startPlaneProcess({ ACTP_ENV_FILE: 'other.env' }, undefined, 'WORKER_SECRET="a$x"\n');
  // What stands in .env would keep it from starting; nothing stands in the other file.
  await running.says('is ready');
  expect(await readdir(running.root)).toContain('other.env');
  running.child.kill('SIGINT');
  expect(await running.exited).toBe(0);
  await running.clean();
});
