import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';

const script = join(import.meta.dirname, '../../../scripts/e2e.mjs');
// Where planes of these runs have their data folders.
const folder = mkdtempSync(join(tmpdir(), 'actp-e2e-'));
atEnd(() => rmSync(folder, { recursive: true }));
const leftBehind = () => readdirSync(folder).filter((name) => name.startsWith('actp-plane-'));

/** `npm run e2e` with these options. */
function start(...options: string[]) {
  const program = spawn(process.execPath, [script, ...options], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void program.kill('SIGTERM'));
  let output = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  return {
    program,
    output: () => output,
    async ended() {
      const [code] = (await once(program, 'close')) as [number | null];
      return { code, output };
    },
  };
}

const run = (...options: string[]) => start(...options).ended();

/** The steps that are said to hold. */
const passed = (output: string) => [...output.matchAll(/^ {2}✓ ([^:]+): \S/gm)].map(([, name]) => name);

describe('npm run e2e', () => {
  it('[TASK-006] [NEXT-005] runs the whole flow of tasks against stand-ins, and every step holds', async () => {
    const { code, output } = await run();
    expect(passed(output), output).toEqual([
      ...['register', 'log in', 'a task needs a user'],
      ...['a known sentence', 'pages that cannot be fetched', 'words of one’s own', 'what nobody can do'],
      ...['one key, one task', 'approved', 'rejected', 'cancelled', 'asked again'],
      ...['unknown, and it had happened', 'unknown, and it had not', 'approved', 'a price that has risen'],
      ...['above max_spend', 'above the budget of the day', 'max_spend above MAX_SPEND_PER_TASK'],
      ...['spending', 'tasks of others', 'as the user', 'as the operator', 'verify'],
    ]);
    expect(output).toMatch(/^All 24 steps passed/m);
    expect(output).not.toContain('\u001b');
    expect(code).toBe(0);
    expect(leftBehind()).toEqual([]);
  });

  it('fails, and names the step and the reason, when a service does not do its part', async () => {
    const { code, output } = await run('--fault', 'brave:quota_month');
    expect(output).toContain('✗ a known sentence');
    expect(output).toContain('Brave Search are used up');
    expect(output).toContain('Failed: Research, a known sentence. 3 of 24 steps passed, 20 were not run.');
    expect(code).toBe(1);
  });

  it('ends on Ctrl-C while the plane starts, and leaves nothing behind', async () => {
    const { program, output, ended } = start();
    await eventually(() => leftBehind().length > 0 || program.exitCode !== null);
    program.kill('SIGINT');
    const { code } = await ended();
    expect(output()).toContain('stopped');
    expect(code).toBe(130);
    expect(leftBehind()).toEqual([]);
  });

  it('explains itself, and refuses what it does not know', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Usage: npm run e2e'),
    });
    for (const [options, problem] of [
      [['--rael'], 'Unknown option: --rael'],
      [['--real', 'email'], '--real email is not offered'],
      [['--payments', 'cash'], 'it is ledger or stripe'],
      [['--real', 'research', '--fault', 'brave:429'], '--real uses none'],
    ] as const) {
      const { code, output } = await run(...options);
      expect(output).toContain(problem);
      expect(output).toContain('npm run e2e -- --help');
      expect(code).toBe(2);
    }
    expect(await run('--fault', 'fax:429')).toMatchObject({
      code: 2,
      output: expect.stringContaining('the service has to be one of brave'),
    });
  });
});
