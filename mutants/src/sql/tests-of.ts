import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Which test files concern a function, the nearest first. */
export type TestsOf = (file: string) => string[];

// Comparing what is in the database with the files notices every damage, and says nothing about behaviour.
const compares = /packages\/db\/src\/(?:functions|schema|upgrade)\//;
// Processes are killed there for half a minute at a time, or whole planes are started.
const lengthy = /kills|lifecycle|peers\.integration|apps\/supervisor/;
// The database's own tests are the quickest, the apps' the slowest.
const packages = [
  'packages/db',
  'packages/services',
  'apps/gateway',
  'apps/scheduler',
  'apps/auditor',
  'apps/approval-bot',
  'apps/executor',
  'apps/selftest-runner',
  'apps/',
];
// What the nearest do not notice is taken for unnoticed; all that name the function itself are among them.
const mostFiles = 18;

/** Reads once who calls whom: functions each other, services functions, tests services. */
export function readTestsOf(root: string): TestsOf {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const sql = globSync('packages/db/sql/*/*.sql', { cwd: root });
  const bodies = new Map(sql.map((file) => [nameOf(file), read(file)]));
  const services = globSync('packages/services/src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).map(
    (file) => ({ file, text: read(file) }),
  );
  const tests = globSync(
    ['packages/{db,services}/src/**/*.integration.test.ts', 'apps/*/src/**/*.integration.test.ts'],
    { cwd: root },
  )
    .filter((file) => !compares.test(file) && !lengthy.test(file))
    .sort()
    .map((file) => ({ file, text: read(file) + fixturesBeside(root, file) }));

  return (file) => {
    const name = nameOf(file);
    const names = callersOf(name, bodies);
    const mentions = (text: string, wanted: Iterable<string>) =>
      [...wanted].some((one) => new RegExp(`\\b${one}\\b`).test(text));
    const serving = services
      .filter(({ text }) => mentions(text, names))
      .map((one) => one.file.replace(/^packages\/services\/src\//, '').replace(/\.ts$/, ''));
    const entity = dirname(file).split('/').at(-1) ?? '';
    const tiers = [
      tests.filter(({ text }) => mentions(text, [name])),
      tests.filter(({ text }) => mentions(text, names)),
      tests.filter(({ text }) =>
        serving.some(
          (one) => text.includes(`@actp/services/${one}'`) || text.includes(`/${basename(one)}.ts'`),
        ),
      ),
      tests.filter((one) => one.file.includes(entity)),
    ];
    const own = `packages/db/src/${entity}/`;
    const rankOf = (one: string) =>
      one.startsWith(own) ? -1 : packages.findIndex((prefix) => one.startsWith(prefix));
    const files = [
      ...new Set(
        tiers.flatMap((tier) => tier.map((one) => one.file).toSorted((a, b) => rankOf(a) - rankOf(b))),
      ),
    ];
    return files.slice(0, Math.max(mostFiles, tiers[0]?.length ?? 0));
  };
}

const nameOf = (file: string) => basename(file, '.sql');

function fixturesBeside(root: string, test: string): string {
  const text = readFileSync(join(root, test), 'utf8');
  return [...text.matchAll(/from '(\.{1,2}\/[^']*fixture[^']*)'/g)]
    .map(([, path = '']) => readFileSync(join(root, dirname(test), path), 'utf8'))
    .join('\n');
}

// With itself; also through other functions.
function callersOf(name: string, bodies: ReadonlyMap<string, string>): Set<string> {
  const found = new Set([name]);
  for (const one of found) {
    const call = new RegExp(`\\b${one}\\(`);
    for (const [caller, body] of bodies) if (caller !== one && call.test(body)) found.add(caller);
  }
  return found;
}
