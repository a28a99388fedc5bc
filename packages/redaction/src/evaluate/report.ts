import { redact } from '../redact.ts';
import { parseRows } from './rows.ts';
import { scoreRows, scoreTable } from './score.ts';
import { ordinaryLines, secretLines, seeded } from './generated-samples.ts';

const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/**
 * Recall and false redactions for each kind.
 *
 * @param text of secrets.jsonl
 * @throws Error naming the line that is not a row
 */
export function sampleReport(text: string): string[] {
  return scoreTable(scoreRows(parseRows(text), redact));
}

/** The same on text that is made up: tokens in the providers' formats in many surroundings, and ordinary lines of many programs. */
export function madeUpReport(seed: number): string[] {
  const random = seeded(seed);
  const made = secretLines(random);
  const missed = made.filter(({ text, secret }) => redact(text).includes(secret));
  const alone = made.filter(({ place }) => place === 'alone');
  const within = made.filter(({ place }) => place !== 'alone');
  const missedAlone = missed.filter(({ place }) => place === 'alone');
  const ordinary = ordinaryLines(random);
  const changed = ordinary.filter((line) => redact(line) !== line);
  const foundAlone = percent(alone.length - missedAlone.length, alone.length);
  const foundWithin = percent(within.length - missed.length + missedAlone.length, within.length);
  return [
    `\nMade up here (seed ${seed}):`,
    `  tokens alone          ${foundAlone} of ${alone.length} redacted (wanted 90 %)`,
    `  tokens within text    ${foundWithin} of ${within.length} redacted (wanted 97 %)`,
    ...[...Map.groupBy(missed, ({ kind }) => kind)].map(
      ([kind, list]) =>
        `    missed ${list.length} of ${kind}: ${[...new Set(list.map(({ place }) => place))].join(', ')}`,
    ),
    `  ordinary log lines    ${percent(changed.length, ordinary.length)} of ${ordinary.length} changed (wanted at most 3 %)`,
    ...[...new Set(changed.map((text) => redact(text)))].map((line) => `    ${line.slice(0, 160)}`),
  ];
}
