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
  const dir = join(root, 'committed');
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
  const gone = await tryDeed(join(root, 'gone'), (checkout) =>
    rm(join(checkout, '.git'), { recursive: true }),
  );
  expect(gone.verdict.healed).toBe(false);
  expect(gone.left).toContain('.git (its commits are gone)');

  const elsewhere = join(root, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'precious.txt'), 'x');
  const linked = await tryDeed(join(root, 'linked'), async (checkout) => {
    await rm(checkout, { recursive: true });
    await symlink(elsewhere, checkout);
  });
  expect(linked.verdict.reason).toContain('a link in the place of the checkout');
  expect(linked.left).toHaveLength(1);
  expect(await readFile(join(elsewhere, 'precious.txt'), 'utf8')).toBe('x');
});
