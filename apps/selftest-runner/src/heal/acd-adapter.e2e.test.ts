import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openHealBench, repaired } from './heal.fixture.ts';

const bench = await openHealBench();
const adapter = join(import.meta.dirname, '../../../../examples/acd-adapter/src/main.ts');
const token = 'token-of-this-test';

/** The example as an operator starts it; the command stands for a coding agent. */
async function startAdapter(...command: string[]): Promise<string> {
  const program = spawn(
    process.execPath,
    [adapter, '--cwd', bench.checkout, '--port', '0', '--', ...command],
    { env: { PATH: process.env['PATH'], ACD_TOKEN: token }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void program.kill('SIGTERM'));
  let output = '';
  program.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  return eventually(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]);
}

// It repairs only what the prompt names, and cannot know the token.
const agent = `grep -q 'test_calc.py::Calc::test_add' && test -z "$ACD_TOKEN" && sed -i '2s/a - b/a + b/' calc.py`;

it('[SEC-007] a command line behind the example adapter heals a failing test', async () => {
  await bench.makeCheckout();
  await bench.configure({ suites: [bench.suite()] });
  const url = await startAdapter('sh', '-c', agent);
  await bench.startHealer({ ACD_URL: url, ACD_TOKEN: token });
  const { heal } = await bench.healed();
  expect(heal).toMatchObject({ state: 'healed', suites: [{ changed_files: ['calc.py'] }] });
  expect(await bench.read('calc.py')).toBe(repaired);
});
