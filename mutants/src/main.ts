import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { areas } from './areas.ts';
import { runArea } from './run-area.ts';
import { runSql } from './sql/run-sql.ts';

// npm run mutants: see docs/testing.md.
const usage = `usage: npm run mutants -- [AREA ...] [--minutes N] [--sample N] [--seed N] [--only TEXT ...] [--again]

areas: ${[...Object.keys(areas), 'sql'].join(', ')}
  --minutes N   end after so many minutes; what was not reached is said, and the next run goes on there
  --sample N    enough once about so many damages were tried in an area
  --seed N      which come first (1)
  --only TEXT   only files whose path has this in it; sql: several have a sample each
  --again       sql: try again what was not noticed
`;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: [''] },
    again: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const number = (text: string | undefined, otherwise: number) =>
  text === undefined ? otherwise : Number(text);
const minutes = number(values.minutes, 60);
const sample = number(values.sample, Infinity);
const seed = Number(values.seed);
const unknown = positionals.filter((name) => !(name in areas) && name !== 'sql');
if (values.help || unknown.length > 0 || [minutes, sample, seed].some((value) => Number.isNaN(value))) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}

const root = join(import.meta.dirname, '../..');
const signal = AbortSignal.any([AbortSignal.timeout(minutes * 60_000), interrupted()]);
const bounds = { seed, sample, signal, only: values.only, again: values.again };
for (const name of positionals.length > 0 ? positionals : [...Object.keys(areas), 'sql']) {
  await (name === 'sql' ? runSql(root, bounds) : runArea(root, name, bounds));
}
process.exit(0);

function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}
