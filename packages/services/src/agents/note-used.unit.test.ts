import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { createAgentUses } from './note-used.ts';

const logged: string[] = [];
const log = createLogger({
  app: 'test',
  level: 'info',
  destination: { write: (line) => void logged.push(line) },
});
const written: unknown[] = [];
const state = { away: false };
const db = {
  call: (build: (client: never) => unknown) => {
    const rpc = (_name: string, { p_ids }: { p_ids: string[] }) => written.push(p_ids);
    build({ rpc } as never);
    return state.away ? Promise.reject(new Error('away')) : Promise.resolve(null as never);
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  written.length = 0;
  logged.length = 0;
  state.away = false;
});
afterEach(() => void vi.useRealTimers());

it('uses are written every two seconds, each agent once, and nothing when nobody used a key', async () => {
  const uses = createAgentUses({ db, log });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(written).toEqual([]);
  for (const id of ['a', 'b', 'a']) uses.note(id);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(written).toEqual([['a', 'b']]);
  uses.note('c');
  await uses.close();
  expect(written).toEqual([['a', 'b'], ['c']]);
  uses.note('d');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(written).toHaveLength(2);
});

it('a use that cannot be written costs a warning', async () => {
  const uses = createAgentUses({ db, log });
  uses.note('a');
  state.away = true;
  await uses.close();
  expect(logged.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'warn', msg: 'when agents used their keys was not noted', err: { message: 'away' } },
  ]);
});
