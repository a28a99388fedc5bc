import process from 'node:process';

// A run has to last this long before two of them can be compared: well above the resolution of the processor's accounting and
// above the pauses of a garbage collection.
const comparableMs = 20;
// Four times the input takes four times as long when each part is read once, and sixteen times as long when each is read once
// for each other. The limit lies between the two, far from both.
const grown = 4;
const factor = 8;
const clearly = 14;
// Enough that one of them is undisturbed on a busy machine.
const rounds = 6;
const longest = 2 ** 20;

/**
 * The shortest of a few runs, in milliseconds of processor time of this process: other processes do not count. (What the kernel
 * says of a single thread is as coarse as its timer tick.)
 */
export function shortest(times: number, run: () => unknown): number {
  let best = Infinity;
  for (let i = 0; i < times; i += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}

/**
 * Whether the processor time of a run grows in proportion to its input. The input grows until a run lasts long enough to be
 * compared, however fast the machine is; then two sizes are measured in turn, and the shortest runs of each are compared. What
 * large inputs cost the memory is no growth: where they say no, smaller ones have to say it as well.
 *
 * @param prepare makes the run for an input of that length; only the run is measured
 * @param from the first length, in whatever unit `prepare` takes
 */
export function growsLinearly(prepare: (length: number) => () => unknown, from: number): boolean {
  let length = from;
  let run = prepare(length);
  // What does not last with a million characters reads none of them a million times.
  while (shortest(2, run) < comparableMs) {
    length *= 2;
    if (length > longest) return true;
    run = prepare(length);
  }
  return isProportional(prepare, length) || isProportional(prepare, Math.ceil(length / 2));
}

function isProportional(prepare: (length: number) => () => unknown, length: number): boolean {
  const run = prepare(length);
  const grownRun = prepare(length * grown);
  let [small, large] = [Infinity, Infinity];
  for (let i = 0; i < rounds; i += 1) {
    small = Math.min(small, shortest(1, run));
    large = Math.min(large, shortest(1, grownRun));
    // Not after the first one: code that the engine has just compiled is faster the second time.
    if (i > 0 && large < small * factor) return true;
    if (i > 0 && large > small * clearly) return false;
  }
  return false;
}

/**
 * How long this machine takes, now, for simple steps: the unit in which work can be called small without a number of
 * milliseconds.
 *
 * @param steps characters that are read
 * @returns milliseconds of processor time
 */
export function timeOfSteps(steps: number): number {
  const text = 'a1'.repeat(512);
  let seen = 0;
  const ms = shortest(5, () => {
    for (let i = 0; i < steps; i += 1) seen += text.charCodeAt(i & 1_023);
  });
  return seen === 0 ? Infinity : ms;
}
