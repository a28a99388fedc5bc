import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { misdeeds } from './adversary.fixture.ts';
import { tryDeed } from './adversary-trial.fixture.ts';

const root = await mkdtemp(join(tmpdir(), 'adversary-'));
atEnd(() => rm(root, { recursive: true, force: true }));

it('[SEC-008] has 200 agents to try', () => {
  expect(misdeeds).toHaveLength(200);
});

it.each(misdeeds)('[SEC-008] an agent that $name has healed nothing, and is undone', async ({ does }) => {
  const { verdict, left, unrestored } = await tryDeed(join(root, 'trial'), does);
  expect(verdict.healed, verdict.reason).toBe(false);
  expect({ left, unrestored }).toEqual({ left: [], unrestored: [] });
});
