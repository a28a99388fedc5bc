/** A command as it stands in an append-only file: where it ends, and its name when it has no arguments. */
interface StoredCommand {
  end: number;
  alone?: string;
}

/** `cut`: the bytes end inside it; `bad`: no command begins there. */
export type CommandAt = StoredCommand | 'cut' | 'bad';

const [star, dollar, hash, carriageReturn, newline] = [0x2a, 0x24, 0x23, 0x0d, 0x0a];
const mostDigits = 10;

/** Reads the command (or the annotation, which Redis 7 may write between two) that begins at a position. */
export function commandAt(bytes: Buffer, at: number): CommandAt {
  if (bytes[at] === hash) {
    const end = bytes.indexOf(newline, at);
    return end === -1 ? 'cut' : { end: end + 1 };
  }
  const count = numberAt(bytes, at, star);
  if (typeof count === 'string') return count;
  if (count.value < 1) return 'bad';
  let next = count.end;
  let alone: string | undefined;
  for (let index = 0; index < count.value; index += 1) {
    const length = numberAt(bytes, next, dollar);
    if (typeof length === 'string') return length;
    const end = length.end + length.value;
    if (end + 2 > bytes.length) return end < bytes.length && bytes[end] !== carriageReturn ? 'bad' : 'cut';
    if (bytes[end] !== carriageReturn || bytes[end + 1] !== newline) return 'bad';
    if (count.value === 1) alone = bytes.toString('latin1', length.end, end).toLowerCase();
    next = end + 2;
  }
  return { end: next, ...(alone === undefined ? {} : { alone }) };
}

function numberAt(bytes: Buffer, at: number, sign: number): { value: number; end: number } | 'cut' | 'bad' {
  if (at >= bytes.length) return 'cut';
  if (bytes[at] !== sign) return 'bad';
  const head = bytes.toString('latin1', at + 1, at + 1 + mostDigits + 2);
  const [found, digits] = /^(\d+)\r\n/.exec(head) ?? [];
  if (found !== undefined) return { value: Number(digits), end: at + 1 + found.length };
  return at + 1 + head.length >= bytes.length && /^\d*\r?$/.test(head) ? 'cut' : 'bad';
}
