import { maskText, type MaskedPart } from '@actp/redaction/mask/mask-text';
import { nameOf, visibleText } from '@actp/shared/visible-text';
import type { CardWarnings } from './card-warnings.ts';

// What we write ourselves between and behind the characters of others.
const ours = /[⟦␣]/g;
const word = /[\p{L}\p{M}]+/gu;
// Letters of these look like those of Latin.
const lookalike =
  /(?!\p{Script=Latin})[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/gu;

/** Whether all lines of a text end as Windows ends them: then they are shown as lines, otherwise each sign is shown. */
export function hasWindowsLines(text: string): boolean {
  return text.includes('\r\n') && !/(?<!\r)\n/.test(text);
}

/**
 * A text from outside as we show it. Nothing in it is invisible, letters of another script within a Latin word have their
 * number, and what looks like a sign of ours has one too, so that the text can be read back from what is shown.
 */
export function shown(text: string): string {
  const lines = hasWindowsLines(text) ? text.replaceAll('\r\n', '\n') : text;
  const named = lines
    .replaceAll(ours, nameOf)
    .replaceAll(word, (letters) =>
      /\p{Script=Latin}/u.test(letters) ? letters.replaceAll(lookalike, nameOf) : letters,
    );
  return visibleText(named).replaceAll('\t', nameOf('\t'));
}

/**
 * The same, with what looks like a secret masked.
 *
 * @param name what it stands under, when that may tell
 */
export function shownMasked(text: string, warnings: CardWarnings, name?: string): string {
  const parts = maskText(text, name);
  if (parts.some(({ type }) => type !== 'text')) warnings.hidden += 1;
  if (parts.some(({ type }) => type === 'withheld')) warnings.withheld += 1;
  return parts.map(partText).join('');
}

function partText(part: MaskedPart): string {
  if (part.type === 'text') return shown(part.text);
  if (part.type === 'withheld') return `⟦not shown: ${part.kind}⟧`;
  return `⟦hidden: ${part.kind}, ${part.length} characters, fingerprint ${part.fingerprint}⟧`;
}
