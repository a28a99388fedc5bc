import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { forbiddenChanges } from './adversary.fixture.ts';
import { tryDeed } from './adversary-trial.fixture.ts';
import { repaired } from './heal.fixture.ts';

const root = await mkdtemp(join(tmpdir(), 'adversary-'));
atEnd(() => rm(root, { recursive: true, force: true }));

it('[SEC-008] has more than 200 agents to try', () => {
  expect(forbiddenChanges.length).toBeGreaterThanOrEqual(200);
});

it('[SEC-008] a right repair is healed, so that what follows is refused for its own sake', async () => {
  const { verdict } = await tryDeed(
    join(root, 'trial'),
    (dir) => writeFile(join(dir, 'calc.py'), repaired),
    300,
  );
  expect(verdict).toMatchObject({ healed: true, files: ['calc.py'] });
});

it.each(forbiddenChanges)(
  '[SEC-008] an agent that $name has healed nothing, and is undone',
  async ({ does }) => {
    const { verdict, left, unrestored } = await tryDeed(join(root, 'trial'), does);
    expect(verdict.healed, verdict.reason).toBe(false);
    expect({ left, unrestored }).toEqual({ left: [], unrestored: [] });
  },
);
