import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { outputCaps } from './capped-output.ts';
import { markerName } from './process-group.ts';
import { runCommand, type CommandSpec } from './run-command.ts';

const env = { PATH: process.env['PATH'] ?? '' };
const sh = (script: string) => ['sh', '-c', script];

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'run-command-'));
});
afterEach(async () => {
  // One that was killed needs a moment to be gone.
  await eventually(async () => (await processesIn(dir)).length === 0);
  await rm(dir, { recursive: true, force: true });
});

const run = (argv: string[], more: Partial<CommandSpec> = {}) =>
  runCommand({ argv, cwd: dir, env: { ...env, TEST_DIR: dir }, timeoutMs: 60_000, scratchDir: dir, ...more });

// Every process that was started by a test of this file carries the test's directory in its environment.
async function processesIn(mark: string): Promise<string[]> {
  const { stdout } = await exec(`grep -lz "TEST_DIR=${mark}" /proc/[0-9]*/environ 2>/dev/null || true`);
  return stdout.split('\n').filter((line) => line !== '' && !line.includes(`/${process.pid}/`));
}

function exec(script: string): Promise<{ stdout: string }> {
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', script], (_error, stdout) => resolve({ stdout }));
  });
}

describe('a command', () => {
  it('ends with its exit code, its two outputs in the order of writing', async () => {
    const result = await run(sh('echo one; echo two >&2; echo three; exit 3'));
    expect(result).toMatchObject({ end: 'exited', exitCode: 3, signal: null, problem: null });
    expect(result.output).toBe('one\ntwo\nthree\n');
  });

  it('gets its arguments as they are: no shell reads them', async () => {
    const args = ['$HOME `id` "a b"', '*', '', "it's", '-n', 'é\n'];
    const result = await run([
      process.execPath,
      '-p',
      'JSON.stringify(process.argv.slice(1))',
      '--',
      ...args,
    ]);
    expect(JSON.parse(result.output)).toEqual(args);
  });

  it('may open /dev/stdout and /dev/stderr', async () => {
    const result = await run(sh('echo one >/dev/stdout; echo two >/dev/stderr'));
    expect(result).toMatchObject({ exitCode: 0, output: 'one\ntwo\n' });
  });

  it('runs without a scratch directory too', async () => {
    const result = await run(sh('echo one; exit 4'), { scratchDir: '/nowhere' });
    expect(result).toMatchObject({ exitCode: 4, output: 'one\n' });
  });

  it('has no input to wait for', async () => {
    expect(await run(['cat'])).toMatchObject({ end: 'exited', exitCode: 0, output: '' });
  });

  it('that is killed says by which signal', async () => {
    expect(await run(sh('kill -SEGV $$'))).toMatchObject({
      end: 'signalled',
      exitCode: null,
      signal: 'SIGSEGV',
    });
  });

  it('sees the environment it was given, and nothing of ours', async () => {
    const result = await run(['env']);
    const names = result.output.split('\n').flatMap((line) => line.split('=')[0] ?? []);
    const known = ['PATH', 'TEST_DIR', markerName, 'PWD', 'OLDPWD', 'SHLVL', '_', ''];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("is nobody else's parent: a program that waits for all its children ends", async ({ skip }) => {
    const script = 'import os\ntry:\n  os.wait()\nexcept ChildProcessError: print("no child")';
    const result = await run(['python3', '-c', script]);
    if (result.end === 'not_started') skip('python3 is not installed');
    expect(result.output).toBe('no child\n');
  });
});

describe('a command that cannot be started', () => {
  it.each([
    ['is not there', ['no-such-program'], {}, 'command not found: no-such-program'],
    ['is not at that path', ['./nothing'], {}, 'command not found: ./nothing'],
    ['is a directory', ['/usr'], {}, '/usr cannot be executed'],
    ['has no directory to run in', ['true'], { cwd: '/nowhere' }, 'its directory /nowhere does not exist'],
    [
      'has a file as its directory',
      ['true'],
      { cwd: '/etc/passwd' },
      'its directory /etc/passwd is not a directory',
    ],
    [
      'has too many arguments',
      ['true', ...Array.from({ length: 100 }, () => 'x'.repeat(100_000))],
      {},
      'its arguments are too long',
    ],
    ['has a NUL in an argument', ['true', 'a\0b'], {}, 'it could not be started (ERR_INVALID_ARG_VALUE)'],
  ])('because it %s is a result with a reason', async (_why, argv, more, problem) => {
    expect(await run(argv, more)).toMatchObject({ end: 'not_started', exitCode: null, problem });
  });

  it('because the file is not executable says so', async () => {
    await writeFile(join(dir, 'plain'), 'x');
    await chmod(join(dir, 'plain'), 0o644);
    expect(await run(['./plain'])).toMatchObject({
      end: 'not_started',
      problem: './plain cannot be executed',
    });
  });
});

describe('a command that does not end', () => {
  it('is ended when its time is over, with everything it started', async () => {
    const result = await run(sh('echo begun; sleep 600 & sleep 600'), { timeoutMs: 1_500 });
    expect(result).toMatchObject({ end: 'timed_out', signal: 'SIGTERM', output: 'begun\n' });
  });

  it('may clean up when it is told to end', async () => {
    const result = await run(sh('trap "echo bye; exit 0" TERM; sleep 600 & wait'), { timeoutMs: 1_500 });
    expect(result).toMatchObject({ end: 'timed_out', exitCode: 0, output: 'bye\n' });
  });

  it('and ignores SIGTERM is killed', async () => {
    const script = 'trap "" TERM; echo deaf; while :; do sleep 1; done';
    const result = await run(sh(script), { timeoutMs: 1_500, graceMs: 200 });
    expect(result).toMatchObject({ end: 'timed_out', signal: 'SIGKILL', output: 'deaf\n' });
  });

  it('and has twenty descendants that ignore SIGTERM leaves none of them', async () => {
    const child = 'trap "" TERM; while :; do sleep 1; done';
    const script = `for i in 1 2 3 4 5 6 7 8 9 10; do ( sh -c '${child}' & sh -c '${child}' ) & done; wait; sleep 600`;
    const result = await run(sh(script), { timeoutMs: 1_500, graceMs: 200 });
    expect(result.end).toBe('timed_out');
  });

  it('is stopped when the runner stops', async () => {
    const stop = new AbortController();
    const running = run(sh('echo begun > started; sleep 600'), { signal: stop.signal });
    while (!existsSync(join(dir, 'started'))) await new Promise((r) => setTimeout(r, 10));
    stop.abort();
    expect(await running).toMatchObject({ end: 'stopped', signal: 'SIGTERM' });
    expect(await run(sh('echo again'), { signal: stop.signal })).toMatchObject({
      end: 'stopped',
      output: '',
    });
  });
});

describe('processes that outlive their command', () => {
  it('do not hold it up, though they keep its output open', async () => {
    const result = await run(sh('echo done; sleep 600 &'));
    expect(result).toMatchObject({ end: 'exited', exitCode: 0, output: 'done\n' });
  });

  it.skipIf(process.platform !== 'linux')(
    'are found also when they made a session of their own',
    async () => {
      const result = await run(sh('setsid sleep 600 & echo done; sleep 0.2'));
      expect(result).toMatchObject({ end: 'exited', exitCode: 0, output: 'done\n' });
    },
  );

  it.skipIf(process.platform !== 'linux')(
    'die with the runner, even when it is killed without warning',
    async () => {
      const script = `
      import { runCommand } from ${JSON.stringify(join(import.meta.dirname, 'run-command.ts'))};
      await runCommand({ argv: ['sh', '-c', 'trap "" TERM; echo $$ > pid; sleep 600 & sleep 600; sleep 600'],
        cwd: ${JSON.stringify(dir)}, env: process.env, timeoutMs: 600_000 });`;
      const runner = spawn(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...env, TEST_DIR: dir },
        stdio: 'inherit',
      });
      const pid = await until(
        async () => Number(await readFile(join(dir, 'pid'), 'utf8').catch(() => '')) || null,
      );
      expect(await processesIn(dir)).not.toEqual([]);
      expect(pid).toBeGreaterThan(0);
      runner.kill('SIGKILL');
      await until(async () => ((await processesIn(dir)).length === 0 ? true : null));
    },
  );
});

describe('a command that writes a lot', () => {
  it('of 300 MB costs no memory and keeps beginning and end', async () => {
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss);
    }, 20);
    const result = await run(sh('echo first; head -c 300000000 /dev/zero | tr "\\0" x; echo; echo last'));
    clearInterval(watch);
    expect(result).toMatchObject({ end: 'exited', exitCode: 0 });
    expect(result.output.startsWith('first\nxxx')).toBe(true);
    expect(result.output.endsWith('xxx\nlast\n')).toBe(true);
    expect(result.output.length).toBeLessThan(outputCaps.headBytes + outputCaps.tailBytes + 100);
    expect(highest - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('of bytes that are no UTF-8 is readable', async () => {
    const result = await run(sh("printf 'a\\377\\376b\\n'"));
    expect(result.output).toBe('a\ufffd\ufffdb\n');
  });

  it('may delete its own directory meanwhile', async () => {
    const result = await run(sh('rm -rf "$TEST_DIR"; echo gone; exit 1'));
    expect(result).toMatchObject({ end: 'exited', exitCode: 1, output: 'gone\n' });
    expect(await run(['true'])).toMatchObject({ end: 'not_started' });
  });
});

async function until<T>(probe: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    const value = await probe();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen in time');
}
