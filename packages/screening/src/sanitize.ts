import type { Family, Screening } from './finding.ts';

export interface Sanitized {
  text: string;
  /** What was marked or taken out, in the order of the text; empty when the text is unchanged. */
  changes: Array<{ start: number; end: number; families: Family[] }>;
}

// A finding that weighs less is no reason to touch a text.
const weakest = 0.4;

/**
 * Marks or removes what was found in a text, and says so in its place: `[removed: override]`, or `[suspicious: override] ...
 * [end]` around it. Call it before the intent of a user's sentence is read. A text without such findings comes back as it is.
 *
 * @param text the one that was screened
 * @throws RangeError when the findings are of another text
 */
export function sanitize(text: string, result: Screening, { mode }: { mode: 'mark' | 'remove' }): Sanitized {
  const changes: Sanitized['changes'] = [];
  for (const { start, end, family, weight } of result.findings) {
    if (start < 0 || end > text.length || start > end)
      throw new RangeError('the findings are of another text');
    // What a whole text does (mixed letters, say) or reads like has no place that could be taken out.
    if (weight < weakest || family === 'obfuscation' || family === 'model') continue;
    const last = changes.at(-1);
    if (last && start <= last.end) {
      last.end = Math.max(last.end, end);
      if (!last.families.includes(family)) last.families.push(family);
    } else changes.push({ start, end, families: [family] });
  }
  let clean = '';
  let at = 0;
  for (const { start, end, families } of changes) {
    clean += text.slice(at, start);
    const names = families.join(', ');
    clean +=
      mode === 'remove' ? `[removed: ${names}]` : `[suspicious: ${names}]${text.slice(start, end)}[end]`;
    at = end;
  }
  return { text: clean + text.slice(at), changes };
}
