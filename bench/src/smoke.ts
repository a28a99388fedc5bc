import process from 'node:process';

const smoke = process.argv.includes('--smoke');

/**
 * How much a benchmark does: all of it, or with `--smoke` only enough to see that it still runs. What it measures then says nothing, so that a
 * limit that is missed is no failure.
 */
export const amount = (full: number, small: number): number => (smoke ? small : full);

if (smoke) {
  let failed = false;
  process.on('uncaughtExceptionMonitor', () => {
    failed = true;
  });
  process.on('exit', () => {
    if (!failed) process.exitCode = 0;
  });
}

/** The first word of the command line that is no option: which part of a benchmark, or which data. */
export const firstWord = process.argv.slice(2).find((word) => !word.startsWith('--'));
