import { commandAt } from './commands.ts';

export interface AppendOnlyFault {
  /** Everything before it is whole: commands, and transactions with their end. */
  at: number;
  /** Whether commands stand behind it, so that cutting there would lose them. */
  inside: boolean;
}

// A command that was half written may be as large as the largest job and its transaction; more that makes no sense is none.
const mostBytes = 8 * 1024 * 1024;

/** Where the commands of an append-only file stop making sense; undefined when all of it does. */
export function findFault(bytes: Buffer): AppendOnlyFault | undefined {
  let whole = 0;
  let at = 0;
  let inTransaction = false;
  while (at < bytes.length) {
    const command = commandAt(bytes, at);
    if (typeof command === 'string') return { at: whole, inside: holdsMore(bytes, at) };
    at = command.end;
    if (command.alone === 'multi') inTransaction = true;
    if (command.alone === 'exec') inTransaction = false;
    if (!inTransaction) whole = at;
  }
  return whole === bytes.length ? undefined : { at: whole, inside: false };
}

function holdsMore(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf('*', from + 1); at !== -1; at = bytes.indexOf('*', at + 1)) {
    if (typeof commandAt(bytes, at) !== 'string') return true;
  }
  return meaningful(bytes, from) > mostBytes;
}

// File systems fill with NUL bytes what they had no time to write.
function meaningful(bytes: Buffer, from: number): number {
  let count = 0;
  for (let at = from; at < bytes.length; at += 1) if (bytes[at] !== 0) count += 1;
  return count;
}
