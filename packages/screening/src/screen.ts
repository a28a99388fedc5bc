import type { ScreeningFinding, Screening, Source } from './finding.ts';
import { guess, type Weights } from './model/model.ts';
import { shippedWeights } from './model/shipped.ts';
import { stagingFindings } from './rules/staging.ts';
import { obfuscationFindings } from './rules/obfuscation.ts';
import { scan } from './scan.ts';
import { scoreOf } from './score.ts';
import { findHidden, type Hidden } from './text/decode.ts';
import { normalise } from './text/normalise.ts';
import { reversed, rotated } from './text/reversal.ts';
import { joined, spanOf, type Span, type View } from './text/view.ts';
import { kinds } from './words/kinds.ts';
import { readWords, type Words } from './words/words.ts';

export type { Family, ScreeningFinding, Screening, Source } from './finding.ts';

// Encoded text inside encoded text; each layer is shorter than the one around it.
const deepest = 3;
// So many telling words in ROT13 or backwards are no accident.
const fewTurned = 2;

/**
 * Looks for injected instructions and commands. Reads nothing but its arguments; never throws; linear in the text, whatever it
 * holds. A signal, never the boundary: what it does not find may still be there.
 *
 * @param text any string; the guard takes up to 64 KiB
 * @param context whose words they are: what tools and pages say is judged more strictly than what the user says; another model
 *   than the shipped one, or null for none, is for evaluation
 * @returns score from 0 to 1, and findings with their place in `text`
 */
export function screen(text: string, context: { source: Source; model?: Weights | null }): Screening {
  const { source, model = shippedWeights } = context;
  const findings: ScreeningFinding[] = [];
  const plain = normalise(text);
  const words = read(plain, source, findings);
  findings.push(
    ...obfuscationFindings(plain.obfuscation, source, text.length),
    ...stagingFindings(plain, source),
  );
  // It has read few pages and few outputs of tools, and would take their words for those of attacks.
  if (model !== null && source === 'user') findings.push(...learnt(plain, words, model));
  unwrap(text, ({ start, end }) => ({ start, end }), source, 1, findings);
  findings.sort((a, b) => a.start - b.start || b.end - a.end);
  return { source, score: scoreOf(findings), findings };
}

function learnt(view: View, words: Words, model: Weights): ScreeningFinding[] {
  const found = guess(view.text, model);
  if (found === undefined || found.weight === 0 || !speaksToReader(words, found)) return [];
  const reason = 'reads like known attempts to turn an assistant round';
  const place = spanOf(view, found.start, found.end);
  return [{ family: 'model', rule: 'model.words', reason, ...place, weight: found.weight }];
}

// Attempts to turn an assistant round say "you" in every other sentence; the model has read too few manuals to tell them apart.
const leastShare = 0.04;

function speaksToReader({ kinds: row, starts, ends }: Words, { start, end }: Span): boolean {
  let words = 0;
  let toReader = 0;
  for (let i = 0; i < row.length; i += 1) {
    if ((starts[i] ?? 0) < start || (ends[i] ?? 0) > end) continue;
    words += 1;
    if (row[i] === kinds.you || row[i] === kinds.your) toReader += 1;
  }
  return toReader >= leastShare * words;
}

function read(view: View, source: Source, findings: ScreeningFinding[]): Words {
  const words = readWords(view.text);
  findings.push(...scan(view, words, source));
  if (view.hidden !== undefined) return words;
  for (const [count, turned] of [[words.rotated, rotated] as const, [words.reversed, reversed] as const]) {
    if (count < fewTurned) continue;
    const other = turned(view);
    findings.push(...scan(other, readWords(other.text), source));
  }
  return words;
}

/** Reads what is hidden in `text`; pieces hidden in one way are read together, as most are too short to be worth a scan each. */
function unwrap(
  text: string,
  placeOf: (hidden: Span) => Span,
  source: Source,
  depth: number,
  findings: ScreeningFinding[],
): void {
  const byHow = new Map<Hidden['how'], Hidden[]>();
  for (const hidden of findHidden(text)) {
    const same = byHow.get(hidden.how);
    if (same) same.push(hidden);
    else byHow.set(hidden.how, [hidden]);
  }
  for (const [how, pieces] of byHow) {
    const places = pieces.map(placeOf);
    const plain = pieces.map((piece) => normalise(piece.text).text);
    read({ ...joined(plain, places), hidden: how }, source, findings);
    if (depth === deepest) continue;
    const raw = joined(
      pieces.map((piece) => piece.text),
      places,
    );
    unwrap(raw.text, ({ start, end }) => spanOf(raw, start, end), source, depth + 1, findings);
  }
}
