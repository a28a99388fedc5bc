import { join } from 'node:path';
import process from 'node:process';
import { areas } from './areas.ts';
import { chunksOf, fileOf } from './chunks.ts';
import { copyTree } from './copy-tree.ts';
import { openLedger } from './ledger.ts';
import { forgetSurvivors, mutantsOf, scoreOf, survivorsOf } from './score.ts';
import { runStryker } from './stryker.ts';

/** How far to go. */
export interface Bounds {
  seed: number;
  /** Enough once so many damages were tried. */
  sample: number;
  /** Only files whose path has one of these in it; with `sql` each of them has a sample of its own. */
  only: readonly string[];
  /** SQL: once more what was not noticed. */
  again: boolean;
  signal: AbortSignal;
}

/** Goes on where the last run of this area has ended, and says what came of it. */
export async function runArea(root: string, name: string, bounds: Bounds): Promise<void> {
  const area = areas[name];
  if (area === undefined) throw new Error(`no area is called ${name}`);
  const folder = join(root, 'reports/mutants');
  const copy = join(folder, 'tree');
  const report = join(folder, `${name}.json`);
  copyTree(root, copy);
  const chunks = chunksOf(root, area.sources, bounds.seed).filter((chunk) =>
    chunk.some((piece) => bounds.only.some((text) => piece.includes(text))),
  );
  const ledger = openLedger(join(folder, `${name}.done.json`), root, area.tests);
  let reached = 0;
  for (const chunk of chunks) {
    const mutants = mutantsOf(report);
    const files = new Set(chunk.map(fileOf));
    const survivors = survivorsOf(mutants).some(({ file }) => files.has(file));
    if (!ledger.isDone(chunk, survivors)) {
      if (bounds.signal.aborted || mutants.length >= bounds.sample) continue;
      process.stdout.write(`\n== ${name}: ${chunk.join(', ')}\n`);
      forgetSurvivors(report, chunk);
      const done = await runStryker({ copy, area: name, chunk, report, signal: bounds.signal });
      if (!done && !bounds.signal.aborted) throw new Error(`Stryker failed on ${chunk.join(', ')}`);
      if (!done) continue;
      ledger.add(chunk);
    }
    reached += 1;
  }
  say(name, report, `${reached} of ${chunks.length} pieces reached`);
}

function say(name: string, report: string, reached: string): void {
  const mutants = mutantsOf(report);
  const { killed, timeout, survived, percent } = scoreOf(mutants);
  for (const { file, line, mutator, replacement } of survivorsOf(mutants)) {
    process.stdout.write(
      `not noticed: ${file}:${line} ${mutator}: ${replacement.replace(/\s+/g, ' ').slice(0, 100)}\n`,
    );
  }
  process.stdout.write(
    `${name}: ${percent} % noticed: ${killed} by a test, ${timeout} because it did not end; ${survived} not noticed; ${reached}\n`,
  );
}
