import { sanitize } from '@actp/screening/sanitize';
import { screen } from '@actp/screening/screen';

// What is harmless elsewhere and not here: somebody who wants the tests to be weakened.
const againstTests =
  /\b(?:delete|remove|skip|disable|comment out|weaken)\b[^\n]{0,30}\b(?:tests?|asserts?|assertions?|checks?)\b/gi;

/** Marks what looks like an instruction in text that comes from outside; the text itself stays readable. */
export function markUntrusted(text: string): string {
  const { text: marked } = sanitize(text, screen(text, { source: 'tool' }), { mode: 'mark' });
  return marked.replace(againstTests, (hit) => `[suspicious: tests]${hit}[end]`);
}
