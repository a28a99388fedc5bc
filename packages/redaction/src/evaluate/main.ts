import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { redact } from '../redact.ts';
import { parseRows } from './rows.ts';
import { scoreRows, scoreTable } from './score.ts';
import { ordinaryLines, secretLines, seeded } from './unseen.ts';

/*
 * npm run evaluate -- redaction [folder]: recall and false redactions on the rows of <folder>/secrets.jsonl, for each kind,
 * and on text that is made up here: tokens in the providers' formats in many surroundings, and ordinary lines of many
 * programs. Exit code 0, unless the rows cannot be read.
 */
const write = (line: string) => process.stdout.write(`${line}\n`);
const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

const [folder = '../shared/data', seedText = '1'] = process.argv.slice(2);
const file = join(resolve(folder), 'secrets.jsonl');
if (existsSync(file)) {
  const rows = parseRows(readFileSync(file, 'utf8'));
  for (const line of scoreTable(scoreRows(rows, redact))) write(line);
} else {
  write(`There is no ${file}: nothing to read. Name the folder: npm run evaluate -- redaction <folder>`);
}

const random = seeded(Number(seedText));
const made = secretLines(random);
const missed = made.filter(({ text, secret }) => redact(text).includes(secret));
const alone = made.filter(({ place }) => place === 'alone');
const within = made.filter(({ place }) => place !== 'alone');
const missedAlone = missed.filter(({ place }) => place === 'alone');
write('\nMade up here (seed %s):'.replace('%s', seedText));
write(
  `  tokens alone          ${percent(alone.length - missedAlone.length, alone.length)} of ${alone.length} redacted (wanted 90 %)`,
);
write(
  `  tokens within text    ${percent(within.length - missed.length + missedAlone.length, within.length)} of ${within.length} redacted (wanted 97 %)`,
);
const kinds = Map.groupBy(missed, ({ kind }) => kind);
for (const [kind, list] of kinds)
  write(`    missed ${list.length} of ${kind}: ${[...new Set(list.map(({ place }) => place))].join(', ')}`);
const ordinary = ordinaryLines(random);
const changed = ordinary.filter((line) => redact(line) !== line);
write(
  `  ordinary log lines    ${percent(changed.length, ordinary.length)} of ${ordinary.length} changed (wanted at most 3 %)`,
);
for (const line of new Set(changed.map((text) => redact(text)))) write(`    ${line.slice(0, 160)}`);
