/** A line of a message: its HTML, the text of it, and its length as Telegram counts it, in UTF-16 units after entities are parsed. */
export interface Row {
  html: string;
  text: string;
  length: number;
}

/** Text as it is, or with a style. Nothing in it is markup. */
export type Span = string | { bold: string } | { code: string };

export function row(...spans: Span[]): Row {
  let html = '';
  let plain = '';
  for (const span of spans) {
    const [tag, text] =
      typeof span === 'string' ? ['', span] : 'bold' in span ? ['b', span.bold] : ['code', span.code];
    html += tag === '' ? escapeHtml(text) : `<${tag}>${escapeHtml(text)}</${tag}>`;
    plain += text;
  }
  return { html, text: plain, length: plain.length };
}

/** The rows below each other, as the text of one message. */
export function joinRows(rows: readonly Row[]): string {
  return rows.map(({ html }) => html).join('\n');
}

/** The same without markup. */
export function joinPlain(rows: readonly Row[]): string {
  return rows.map(({ text }) => text).join('\n');
}

/** The length of the rows below each other. */
export function lengthOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { length }) => sum + length + 1, -1);
}

/** The rows in as few pieces as hold them, in order, none longer than `limit`. A row itself must not be longer. */
export function packRows(rows: readonly Row[], limit: number): Row[][] {
  const pieces: Row[][] = [];
  let room = 0;
  for (const next of rows) {
    const last = pieces.at(-1);
    if (last && next.length + 1 <= room) {
      last.push(next);
      room -= next.length + 1;
    } else {
      pieces.push([next]);
      room = limit - next.length;
    }
  }
  return pieces;
}

// Characters, and what stands for others, which is not torn apart.
const pieceOfText = /⟦[^⟦⟧\n]{1,200}⟧|[^]/gu;

/** The text in pieces of at most `length` units, none of them ending within a character. */
export function* cutText(text: string, length: number): Generator<string> {
  let piece = '';
  for (const [next] of text.matchAll(pieceOfText)) {
    if (piece.length + next.length > length) {
      yield piece;
      piece = '';
    }
    piece += next;
  }
  yield piece;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? character);
}
