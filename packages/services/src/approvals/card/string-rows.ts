import { nameOf } from '@actp/shared/visible-text';
import { cutText, row, type Row, type Span } from './row.ts';
import { hasWindowsLines } from './shown.ts';

// Longer texts stand below their name.
const inlineLength = 200;
// No row is longer than this and a label: messages can be cut between any two.
const rowLength = 900;
// Scripts that are written from the right: on a line of their own they cannot move what stands beside them.
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Whether a text fits into a line of ours without being able to look like the rest of it. */
export function isInline(text: string): boolean {
  return text.length <= inlineLength && !/[\n“”]/.test(text) && !rightToLeft.test(text);
}

/** A shown text on one line, quoted: for names and other short things. */
export function quoted(text: string): Span {
  return { code: `“${text.replaceAll('\n', nameOf('\n'))}”` };
}

/** A shown text below its label: every line begins with a bar, so that none can pass for one of ours. */
export function* barredRows(text: string): Generator<Row> {
  for (const line of text.split('\n')) {
    for (const piece of cutText(line, rowLength))
      yield row(
        '│ ',
        piece.replace(/ +$/, (spaces) => '␣'.repeat(spaces.length)),
      );
  }
}

/**
 * A text behind its label if it is short and harmless, else below it.
 *
 * @param text as it is shown
 * @param original as it is, to say how long that is
 */
export function* stringRows(label: Span, text: string, original: string): Generator<Row> {
  if (isInline(text)) {
    yield row(label, ': ', quoted(text));
    return;
  }
  const lines = text.split('\n').length;
  const ends = hasWindowsLines(original) ? ' ending in CRLF' : '';
  yield row(label, `: text of ${original.length} characters${lines > 1 ? `, ${lines} lines${ends}` : ''}`);
  yield* barredRows(text);
}
