import type { Finding, Screening, Source } from './finding.ts';
import { trickFindings } from './rules/tricks.ts';
import { scan } from './scan.ts';
import { scoreOf } from './score.ts';
import { findHidden } from './text/decode.ts';
import { normalise } from './text/normalise.ts';
import { reversed, rotated } from './text/turn.ts';
import type { Span, View } from './text/view.ts';
import { readWords } from './words/words.ts';

export type { Family, Finding, Screening, Source } from './finding.ts';

// Encoded text inside encoded text; each layer is shorter than the one around it.
const deepest = 3;
// So many telling words in ROT13 or backwards are no accident.
const fewTurned = 2;

/**
 * Looks for injected instructions and commands. Reads nothing but its arguments; never throws; linear in the text, whatever it
 * holds. A signal, never the boundary: what it does not find may still be there.
 *
 * @param text any string; the guard takes up to 64 KiB
 * @param context whose words they are: what tools and pages say is judged more strictly than what the user says
 * @returns score from 0 to 1, and findings with their place in `text`
 */
export function screen(text: string, context: { source: Source }): Screening {
  const { source } = context;
  const findings: Finding[] = [];
  const plain = normalise(text);
  read(plain, source, findings);
  findings.push(...trickFindings(plain.tricks, source, text.length));
  unwrap(text, undefined, source, 1, findings);
  findings.sort((a, b) => a.start - b.start || b.end - a.end);
  return { source, score: scoreOf(findings), findings };
}

function read(view: View, source: Source, findings: Finding[]): void {
  const words = readWords(view.text);
  findings.push(...scan(view, words, source));
  if (view.hidden !== undefined) return;
  for (const [count, turned] of [[words.rotated, rotated] as const, [words.reversed, reversed] as const]) {
    if (count < fewTurned) continue;
    const other = turned(view);
    findings.push(...scan(other, readWords(other.text), source));
  }
}

function unwrap(
  text: string,
  whole: Span | undefined,
  source: Source,
  depth: number,
  findings: Finding[],
): void {
  for (const hidden of findHidden(text)) {
    const place = whole ?? { start: hidden.start, end: hidden.end };
    const { text: inner } = normalise(hidden.text);
    read({ text: inner, whole: place, hidden: hidden.how }, source, findings);
    if (depth < deepest) unwrap(hidden.text, place, source, depth + 1, findings);
  }
}
