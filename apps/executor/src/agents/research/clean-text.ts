import { sanitize } from '@actp/screening/sanitize';
import { screen, type Family, type ScreeningFinding } from '@actp/screening/screen';

export interface CleanText {
  text: string;
  /** What was found in it, whether it has a place that could be taken out or not. */
  flagged: Family[];
}

// From here on a finding is a reason to touch a text, as in `sanitize`, and to warn of it.
const leastWeight = 0.4;
const warningWeight = 0.5;
// Who gives one order in a paragraph gives the next one there; a page without paragraphs is not given up as a whole.
const before = 200;
const after = 800;
const orders: readonly Family[] = [
  'override',
  'jailbreak',
  'exfiltration',
  'hidden_instruction',
  'secrecy',
  'approval_bypass',
];

// What is left reads differently without what was taken out, and may then say something that was not seen before.
const mostPasses = 3;

/**
 * Text of the web without the instructions that are found in it, and without what a person would not see; `[removed]` stands in their place.
 * Around an order the paragraph goes with it, around a command its sentence. A signal, never the boundary: what is left is still untrusted.
 */
export function cleanText(text: string): CleanText {
  const flagged = new Set<Family>();
  let left = text;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const { next, found, changed } = cleanOnce(left);
    for (const family of found) flagged.add(family);
    left = next;
    if (!changed) break;
  }
  return { text: visible(left), flagged: [...flagged] };
}

function cleanOnce(text: string): { next: string; found: Set<Family>; changed: boolean } {
  const screening = screen(text, { source: 'web' });
  const findings = screening.findings
    .filter(({ weight }) => weight >= leastWeight)
    .map((finding) => widened(text, finding))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const { text: next, changes } = sanitize(text, { ...screening, findings }, { mode: 'remove' });
  const found = new Set(changes.flatMap(({ families }) => families));
  for (const { family, weight } of screening.findings) if (weight >= warningWeight) found.add(family);
  // The names of what was found would be read as words of the page.
  return {
    next: next.replaceAll(/\[removed: [a-z_, ]{1,200}\]/g, '[removed]'),
    found,
    changed: changes.length > 0,
  };
}

const visible = (text: string): string =>
  text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu, '').toWellFormed();

function widened(text: string, finding: ScreeningFinding): ScreeningFinding {
  // Some findings begin with the end of the line before.
  const found = text.slice(finding.start, finding.end);
  const start = finding.start + (found.length - found.trimStart().length);
  const end = Math.max(start, finding.end - (found.length - found.trimEnd().length));
  const isOrder = orders.includes(finding.family);
  const from = isOrder ? Math.max(paragraphStart(text, start), start - before) : start;
  const to = isOrder ? Math.min(paragraphEnd(text, end), end + after) : end;
  return { ...finding, start: sentenceStart(text, from), end: sentenceEnd(text, to) };
}

const paragraphStart = (text: string, at: number): number => text.lastIndexOf('\n', Math.max(at - 1, 0)) + 1;

function paragraphEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

const isSentenceEnd = /[.!?\u3002\uFF01\uFF1F](?=\s|$)|[\n\u3002\uFF01\uFF1F]/gu;
// What has no end for so long is no sentence.
const longestSentence = 1_000;

function sentenceStart(text: string, at: number): number {
  const from = Math.max(0, at - longestSentence);
  const last = [...text.slice(from, at).matchAll(isSentenceEnd)].at(-1);
  return last === undefined ? from : from + last.index + last[0].length;
}

function sentenceEnd(text: string, at: number): number {
  // The finding may end with the end of its sentence.
  const from = Math.max(0, at - 1);
  const to = Math.min(text.length, at + longestSentence);
  const first = text.slice(from, to).matchAll(isSentenceEnd).next().value;
  return first === undefined ? to : Math.max(at, from + first.index + first[0].length);
}
