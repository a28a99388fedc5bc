import { it } from 'vitest';
import { openBench } from '../approval-bot.fixture.ts';
import { fuzzPresses } from './forged-presses.fixture.ts';

const bench = await openBench();

it('100,000 forged presses decide nothing, and each leaves its trace', async () => {
  await fuzzPresses(bench, 100_000);
});
