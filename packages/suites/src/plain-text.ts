// Terminal control sequences (ECMA-48: CSI, OSC, two-character escapes). Each part is bounded: linear in the input.
const escapeSequences =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,1024}(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// What Postgres refuses in text and jsonb (U+0000), or what moves a reader's cursor; newline and tab stay.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Makes what a program wrote fit for a row, a log or a message: no colours, no control characters, no half
 * characters (a jsonb column refuses lone surrogates).
 */
export function plainText(text: string): string {
  return text
    .replace(escapeSequences, '')
    .replace(/\r\n?/g, '\n')
    .replace(controlCharacters, '')
    .toWellFormed();
}

/** The first `max` UTF-16 units at most; says how much was cut. */
export function firstOf(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${whole(text.slice(0, max))}\n[${text.length - max} more characters]`;
}

/** The last `max` UTF-16 units at most: where a program usually says why it ended. */
export function lastOf(text: string, max: number): string {
  if (text.length <= max) return text;
  return `[${text.length - max} characters before this]\n${whole(text.slice(-max))}`;
}

/** Both ends, `max` UTF-16 units at most: how a program began, and, with three times the room, why it ended. */
export function endsOf(text: string, max: number): string {
  if (text.length <= max) return text;
  const first = Math.floor(max / 4);
  const [begin, end] = [text.slice(0, first), text.slice(first - max)];
  return `${whole(begin)}\n[${text.length - max} characters between]\n${whole(end)}`;
}

// A cut may go through a surrogate pair: what is left of it is dropped.
function whole(cut: string): string {
  return cut.replace(/^[\udc00-\udfff]/, '').replace(/[\ud800-\udbff]$/, '');
}
