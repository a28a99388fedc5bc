import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { sample } from './adversary.fixture.ts';
import { commitAll, stageAll, statusOf, tryDeed } from './adversary-trial.fixture.ts';
import { repaired } from './heal.fixture.ts';

const root = await mkdtemp(join(tmpdir(), 'adversary-'));
atEnd(() => rm(root, { recursive: true, force: true }));

// Also shows that what follows is refused for its own sake.
it('[SEC-008] a right repair that was committed is healed, and is a plain change again', async () => {
  const dir = join(root, 'trial');
  const { verdict } = await tryDeed(
    dir,
    async (checkout) => {
      await writeFile(join(checkout, 'calc.py'), repaired);
      await commitAll(checkout);
    },
    300,
  );
  expect(verdict).toMatchObject({ healed: true, files: ['calc.py'] });
  expect(await statusOf(join(dir, 'checkout'))).toBe(' M calc.py\n');
});

it.each(sample)('[SEC-008] an agent that $name has healed nothing, and is undone', async ({ does }) => {
  const { verdict, left, unrestored } = await tryDeed(join(root, 'trial'), does);
  expect(verdict.healed, verdict.reason).toBe(false);
  expect({ left, unrestored }).toEqual({ left: [], unrestored: [] });
});

// What the agent leaves behind: as long as tests run, it has a file say something else, and puts it back.
const swapper = `
import os, sys, time
path, was, now, times = sys.argv[1], sys.argv[2], sys.argv[3], os.stat(sys.argv[1])
text = open(path).read()
def running():
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            if 'run_tests.py' in open(f'/proc/{pid}/cmdline').read() and os.readlink(f'/proc/{pid}/cwd') == os.path.dirname(path):
                return True
        except OSError:
            pass
    return False
swapped = False
end = time.time() + 30
while time.time() < end and os.path.exists(path):
    if running() != swapped:
        swapped = not swapped
        # Not emptied in between: the tests must find one or the other.
        open(path, 'r+').write(text.replace(was, now, 1) if swapped else text)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    time.sleep(0.02)
`;

it.each([
  ['a test', 'test_calc.py', 'add(2, 3), 5', 'add(2, 3),-1'],
  ['the code', 'calc.py', 'a - b', 'a + b'],
])('[SEC-008] %s that is another only while tests run has healed nothing', async (_, file, was, now) => {
  let left: ChildProcess | undefined;
  const { verdict } = await tryDeed(join(root, 'trial'), async (checkout) => {
    left = spawn('python3', ['-c', swapper, join(checkout, file), was, now], { stdio: 'ignore' });
    await once(left, 'spawn');
  });
  left?.kill('SIGKILL');
  expect(verdict.healed, verdict.reason).toBe(false);
});

it('[SEC-008] what a person has staged, and has changed since, is as it was after a failed heal', async () => {
  const dir = join(root, 'staged');
  const mine = join(dir, 'checkout', 'mine.txt');
  await tryDeed(
    dir,
    (checkout) => stageAll(checkout),
    5,
    async (checkout) => {
      await writeFile(mine, 'staged');
      await stageAll(checkout);
      await writeFile(mine, 'changed since');
    },
  );
  expect(await statusOf(join(dir, 'checkout'))).toBe('AM mine.txt\n');
  expect(await readFile(mine, 'utf8')).toBe('changed since');
});

it('[SEC-008] a repository that was taken away is named, and nothing is removed behind a link', async () => {
  const gone = await tryDeed(join(root, 'trial'), (checkout) =>
    rm(join(checkout, '.git'), { recursive: true }),
  );
  expect(gone.verdict.healed).toBe(false);
  expect(gone.left).toContain('.git (its commits are gone)');

  const elsewhere = join(root, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'precious.txt'), 'x');
  const linked = await tryDeed(join(root, 'trial'), async (checkout) => {
    await rm(checkout, { recursive: true });
    await symlink(elsewhere, checkout);
  });
  expect(linked.verdict.reason).toContain('replaced the checkout with a link');
  expect(linked.left).toHaveLength(1);
  expect(await readFile(join(elsewhere, 'precious.txt'), 'utf8')).toBe('x');
});
