import process from 'node:process';
import { expect, it } from 'vitest';
import { runThroughKills } from './kills.fixture.ts';

it.each([
  { payments: 'ledger', kills: 250, seed: 11 },
  { payments: 'stripe', kills: 250, seed: 23 },
] as const)('[EFF-001] $kills kills, payments by $payments, seed $seed', async (trial) => {
  const result = await runThroughKills(trial);
  process.stdout.write(`${JSON.stringify({ ...trial, ...result })}\n`);
  expect(result.succeeded + result.failed).toBe(result.asked);
});
