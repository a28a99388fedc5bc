import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { root, runBenchmark } from './run-benchmark.fixture.ts';

const benchmarks = globSync('bench/src/*.bench.ts', { cwd: root }).toSorted();

it.each(benchmarks)('[NEXT-006] %s still runs', async (program) => {
  expect(await runBenchmark(program)).not.toBe('');
});
