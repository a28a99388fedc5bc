import { expect, it } from 'vitest';
import { runBenchmark } from './run-benchmark.fixture.ts';

it.each([
  ['screening', /prose [^]*MB\/s/],
  ['approvals', /durable row[^]*p50[^]*p99/],
])('[NEXT-006] npm run bench -- %s prints its figures', async (name, figures) => {
  expect(await runBenchmark(`bench/src/${name}.bench.ts`)).toMatch(figures);
});
