import { nameOf, visibleText } from '@actp/shared/visible-text';
import { cutText, row, type Row, type Span } from './row.ts';

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

/** A text from outside as we show it: nothing invisible in it, line breaks as they are. */
export function shown(text: string): string {
  return visibleText(text.replaceAll('\r\n', '\n')).replaceAll('\t', nameOf('\t'));
}

/** A text from outside on one line, quoted: for names and other short things. */
export function quoted(text: string): Span {
  return { code: `“${shown(text).replaceAll('\n', nameOf('\n'))}”` };
}

/** A text below its label: every line begins with a bar, so that none can pass for one of ours. */
export function* barredRows(text: string): Generator<Row> {
  for (const line of shown(text).split('\n')) {
    for (const piece of cutText(line, rowLength))
      yield row(
        '│ ',
        piece.replace(/ +$/, (spaces) => '␣'.repeat(spaces.length)),
      );
  }
}

/** A text behind its label if it is short and harmless, else below it. */
export function* stringRows(label: Span, text: string): Generator<Row> {
  const clean = shown(text);
  if (isInline(clean)) {
    yield row(label, ': ', quoted(text));
    return;
  }
  const lines = clean.split('\n').length;
  yield row(label, `: text of ${text.length} characters${lines > 1 ? `, ${lines} lines` : ''}`);
  yield* barredRows(text);
}
