import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('./fixtures/slow-signal.ts', import.meta.url));

async function endOf(how: string) {
  const child = spawn(process.execPath, [program, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  atEnd(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const closed = once(child, 'close');
  await eventually(() => printed.includes('up\n'));
  child.kill('SIGTERM');
  const [code] = await closed;
  return { code: code as unknown, printed };
}

it('a plane that stops ends with 0', async () => {
  const { code, printed } = await endOf('clean');
  expect(code).toBe(0);
  expect(printed).toMatch(/Stopping \(SIGTERM\) \.\.\.\nstop gently\nStopped in /);
});

it.each(['never', 'fails'])(
  'a plane whose stop %s is killed, and ends with 1 so that somebody looks',
  async (how) => {
    const { code, printed } = await endOf(how);
    expect(code).toBe(1);
    expect(printed).toMatch(/stop gently\nNot everything stopped within STOP_SECONDS.*\nstop hard\n$/);
  },
);
