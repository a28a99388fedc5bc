import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { writeTogether } from './write-together.ts';

const rowsOf = (count: number, name = 'x') =>
  Array.from({ length: count }, () => ({
    event_id: randomUUID(),
    agent_id: name,
    action_type: 'a.b',
    status: 'ok',
    source: null,
  }));

function open(callers: number, lingerMs: number) {
  const sizes: number[] = [];
  const held: Array<PromiseWithResolvers<void>> = [];
  let hold = false;
  const together = writeTogether({
    callers,
    lingerMs,
    async write(rows) {
      sizes.push(rows.length);
      if (rows.some(({ agent_id }) => agent_id === 'bad')) throw new Error('refused');
      if (!hold) return;
      const gate = Promise.withResolvers<void>();
      held.push(gate);
      await gate.promise;
    },
  });
  return { together, sizes, held, holdOn: () => (hold = true), letGo: () => (hold = false) };
}

const forever = 1_000_000;

describe('writing together', () => {
  it('makes one write of small batches that come within a moment', async () => {
    const { together, sizes } = open(16, 5);
    await Promise.all([together(rowsOf(1)), together(rowsOf(2)), together(rowsOf(1))]);
    expect(sizes).toEqual([4]);
    await together(rowsOf(1));
    expect(sizes).toEqual([4, 1]);
  });

  it('does not wait when nothing more can come, nor with enough rows', async () => {
    const { together, sizes } = open(3, forever);
    await Promise.all([together(rowsOf(1)), together(rowsOf(1)), together(rowsOf(1))]);
    await together(rowsOf(100));
    expect(sizes).toEqual([3, 100]);
  });

  it('writes a large batch alone, and keeps the order', async () => {
    const { together, sizes } = open(4, 5);
    await Promise.all([
      together(rowsOf(60)),
      together(rowsOf(60)),
      together(rowsOf(500)),
      together(rowsOf(1)),
    ]);
    expect(sizes).toEqual([60, 60, 500, 1]);
  });

  it('has two writes under way at most', async () => {
    const { together, sizes, held, holdOn, letGo } = open(8, forever);
    holdOn();
    const all = Promise.all(Array.from({ length: 4 }, () => together(rowsOf(100))));
    await delay(1);
    expect(sizes).toHaveLength(2);
    letGo();
    for (const gate of held) gate.resolve();
    await all;
    expect(sizes).toEqual([100, 100, 100, 100]);
  });

  it('tells everybody who shared a write that it failed, and nobody else', async () => {
    const { together } = open(2, forever);
    const shared = await Promise.allSettled([together(rowsOf(1, 'bad')), together(rowsOf(1))]);
    expect(shared.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const others = await Promise.allSettled([together(rowsOf(1)), together(rowsOf(1))]);
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });
});
