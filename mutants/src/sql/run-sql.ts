import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { shuffled } from '../random.ts';
import type { Bounds } from '../run-area.ts';
import { damagesOf, type Damage } from './damages.ts';
import { quickestFirst } from './quickest-first.ts';
import { soundFiles } from './sound-files.ts';
import { readTestsOf } from './tests-of.ts';
import { startTests } from './tests.ts';

// A database that is recovering is there again soon.
const mostTries = 30;
const pauseMs = 1_000;

interface Entry {
  file: string;
  line: number;
  kind: string;
  was: string;
  is: string;
  /** `invalid`: Postgres does not take it. */
  state: 'noticed' | 'not noticed' | 'invalid';
  by?: string[];
}

/** Damages SQL functions one place at a time, in an order that the seed says, and runs the tests that concern each. */
export async function runSql(root: string, bounds: Bounds): Promise<void> {
  const folder = join(root, 'reports/mutants');
  mkdirSync(folder, { recursive: true });
  const ledgerFile = join(folder, 'sql.json');
  const ledger = existsSync(ledgerFile)
    ? (JSON.parse(readFileSync(ledgerFile, 'utf8')) as Record<string, Entry>)
    : {};
  const files = globSync('packages/db/sql/*/*.sql', { cwd: root }).sort();
  const shuffledDamages = shuffled(
    files.flatMap((file) =>
      damagesOf(readFileSync(join(root, file), 'utf8')).map((damage) => ({ file, damage })),
    ),
    bounds.seed,
  );
  const samples = bounds.only.map((only) => {
    const all = shuffledDamages.filter(({ file }) => file.includes(only));
    return { only, all: all.length, sample: all.slice(0, bounds.sample) };
  });
  const testsOf = readTestsOf(root);
  const open = samples
    .flatMap(({ sample }) => sample)
    .filter(
      ({ file, damage }) =>
        ledger[keyOf(file, damage)]?.state === undefined || again(bounds, ledger[keyOf(file, damage)]),
    );

  if (open.length > 0) {
    const tests = await startTests(root);
    const quickest = quickestFirst();
    for (const { file, by = [] } of Object.values(ledger)) quickest.learn(file, { failed: by });
    const sound = soundFiles(tests);
    try {
      for (const { file, damage } of open) {
        if (bounds.signal.aborted) break;
        const original = readFileSync(join(root, file), 'utf8');
        const { kind, line, was, is } = damage;
        const entry: Entry = { file, line, kind, was, is, state: 'invalid' };
        while (await define(tests.databaseUrl, damage.text)) {
          const outcome = await tests.run(quickest.sorted(file, sound.of(testsOf(file))));
          if (!(await define(tests.databaseUrl, original))) throw new Error(`${file} cannot be restored`);
          quickest.learn(file, outcome);
          entry.state = outcome.passed ? 'not noticed' : 'noticed';
          entry.by = outcome.failed;
          // An error outside of all tests has no file.
          if (outcome.failed.length === 0 || (await sound.believes(outcome.failed))) break;
        }
        if (bounds.signal.aborted && entry.state === 'not noticed') break;
        ledger[keyOf(file, damage)] = entry;
        writeFileSync(ledgerFile, JSON.stringify(ledger, null, 1));
        process.stdout.write(
          `${entry.state}: ${file}:${line} ${kind}: ${inOneLine(was)} -> ${inOneLine(is)}\n`,
        );
      }
    } finally {
      await tests.close();
    }
  }
  for (const { only, all, sample } of samples) {
    say(
      `sql ${only}`.trim(),
      sample.map(({ file, damage }) => ledger[keyOf(file, damage)]),
      all,
    );
  }
}

const again = (bounds: Bounds, entry: Entry | undefined) => bounds.again && entry?.state === 'not noticed';

const keyOf = (file: string, damage: Damage) =>
  createHash('sha256').update(file).update('\0').update(damage.text).digest('hex').slice(0, 20);

const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 90);

/** False when Postgres does not take it. */
async function define(url: string, text: string): Promise<boolean> {
  for (let left = mostTries; ; left -= 1) {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(`set search_path = ''; ${text}`);
      return true;
    } catch (error) {
      if (error instanceof pg.DatabaseError && !isOfTheServer(error)) return false;
      if (left <= 1) throw error;
      await delay(pauseMs);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

// Classes 08, 53, 57 and 58: it is starting, recovering, full or being stopped, which says nothing of a function.
const isOfTheServer = ({ code = '' }: pg.DatabaseError) => /^(?:08|53|57|58)/.test(code);

function say(name: string, entries: readonly (Entry | undefined)[], all: number): void {
  const done = entries.filter((entry) => entry !== undefined);
  const count = (state: Entry['state']) => done.filter((entry) => entry.state === state).length;
  for (const { file, line, kind, was, is, state } of done) {
    if (state === 'not noticed')
      process.stdout.write(`not noticed: ${file}:${line} ${kind}: ${inOneLine(was)} -> ${inOneLine(is)}\n`);
  }
  const valid = done.length - count('invalid');
  const percent = valid === 0 ? 0 : Math.round((count('noticed') / valid) * 1000) / 10;
  process.stdout.write(
    `${name}: ${percent} % noticed: ${count('noticed')} of ${valid}; ${count('invalid')} are no SQL; ${done.length} of ${entries.length} in the sample reached, of ${all} that there are\n`,
  );
}
