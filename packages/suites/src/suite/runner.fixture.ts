import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/**
 * A small test runner with the manners of pytest, so that what follows from them can be tried without it. It is a program of its
 * own: `node runner.fixture.ts <plan.json> <report.xml> [option ...] [name ...]`.
 *
 * - a name that is not there stops everything: exit code 4 and a report without tests
 * - a file that cannot be loaded stops everything when all files run: exit code 2, and the report shows only that
 * - `-x` stops at the first red test
 * - `--no-doctests` leaves out what has a dotted name
 * - `{random}` in a name is another word at each run
 */
export interface Plan {
  [file: string]: Record<string, Behaviour> | { load: Behaviour; tests: Record<string, Behaviour> };
}

/** `once`: red the first time that it runs, and never again. */
type Behaviour = 'passes' | 'fails' | 'once' | 'skips' | 'skips later' | 'vanishes';

interface Entry {
  file: string;
  name: string;
  behaviour: Behaviour;
}

/** What has run so far, kept beside the plan. */
type Seen = Record<string, number>;

function main(planPath: string, reportPath: string, words: string[]): number {
  const plan = JSON.parse(readFileSync(planPath, 'utf8')) as Plan;
  const statePath = `${planPath}.state`;
  const seen = readSeen(statePath);
  const names = words.filter((word) => !word.startsWith('-'));
  const save = () => writeFileSync(statePath, JSON.stringify(seen));
  const report = (cases: string[]) => writeFileSync(reportPath, `<testsuite>${cases.join('')}</testsuite>`);

  const files = Object.entries(plan).filter(
    ([file]) => names.length === 0 || names.some((name) => name === file || name.startsWith(`${file}::`)),
  );
  const broken = files.filter(([file, { load }]) => typeof load === 'string' && isRed(seen, file, load));
  save();
  if (broken.length > 0) {
    report(
      broken.map(
        ([file]) => `<testcase classname="" name="${dotted(file)}"><error message="not loaded"/></testcase>`,
      ),
    );
    return 2;
  }
  const entries = files.flatMap(([file, { load, ...rest }]) =>
    Object.entries(
      load === undefined ? rest : (rest['tests'] as unknown as Record<string, Behaviour>),
    ).flatMap(([name, behaviour]): Entry[] => {
      const vanished = behaviour === 'vanishes' && (seen[`${file}::${name}`] ?? 0) > 0;
      const unwanted = words.includes('--no-doctests') && /^[\w.]+\.\w+$/.test(name);
      return vanished || unwanted ? [] : [{ file, name, behaviour }];
    }),
  );
  const named = entries.map((entry) => ({
    ...entry,
    id: `${entry.file}::${entry.name.replace('{random}', Math.random().toString(36).slice(2))}`,
  }));
  const unknown = names.find((name) => !named.some(({ id, file }) => id === name || file === name));
  if (unknown !== undefined) {
    console.log(`ERROR: not found: ${unknown}`);
    report([]);
    return 4;
  }
  let red = 0;
  const cases: string[] = [];
  for (const { id, file, name, behaviour } of named) {
    if (names.length > 0 && !names.includes(id) && !names.includes(file)) continue;
    const key = `${file}::${name}`;
    const runs = seen[key] ?? 0;
    const skipped = behaviour === 'skips' || (behaviour === 'skips later' && runs > 1);
    const fails = isRed(seen, key, behaviour);
    if (fails) red += 1;
    const inner = fails ? '<failure message="red"/>' : skipped ? '<skipped/>' : '';
    cases.push(
      `<testcase classname="${dotted(file)}" name="${escaped(id.slice(file.length + 2))}">${inner}</testcase>`,
    );
    if (fails && words.includes('-x')) break;
  }
  save();
  report(cases);
  return red > 0 ? 1 : 0;
}

function isRed(seen: Seen, key: string, behaviour: Behaviour): boolean {
  const runs = seen[key] ?? 0;
  seen[key] = runs + 1;
  if (behaviour === 'fails') return true;
  return runs === 0 && ['once', 'skips later', 'vanishes'].includes(behaviour);
}

function readSeen(path: string): Seen {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Seen;
  } catch {
    return {};
  }
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

const dotted = (file: string) => file.replace(/\.py$/, '').replaceAll('/', '.');

if (import.meta.main) {
  const [, , plan = '', report = '', ...words] = process.argv;
  process.exitCode = main(plan, report, words);
}
