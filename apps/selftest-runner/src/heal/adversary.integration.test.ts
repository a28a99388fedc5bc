import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { sample } from './adversary.fixture.ts';
import { commitAll, statusOf, tryDeed } from './adversary-trial.fixture.ts';
import { repaired } from './heal.fixture.ts';
import { writeFile } from 'node:fs/promises';

const root = await mkdtemp(join(tmpdir(), 'adversary-'));
atEnd(() => rm(root, { recursive: true, force: true }));

it('[SEC-008] a right repair is healed, so that what follows is refused for its own sake', async () => {
  const { verdict } = await tryDeed(
    join(root, 'right'),
    (dir) => writeFile(join(dir, 'calc.py'), repaired),
    300,
  );
  expect(verdict).toMatchObject({ healed: true, files: ['calc.py'] });
});

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
