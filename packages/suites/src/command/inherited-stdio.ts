import { openSync, readdirSync, readFileSync } from 'node:fs';
import type { StdioOptions } from 'node:child_process';

type Stdio = Extract<StdioOptions, readonly unknown[]>;

const closeOnExec = 0o2_000_000;

/**
 * Standard streams for a command that is not to get any other open file of ours. Node keeps its own from it; what we ourselves
 * were started with, a folder for instance, would be handed on, and stays below every sandbox. /dev/null takes its number.
 */
export function inheritedStdio(wanted: Stdio): Stdio {
  const open = handedOn().filter((number) => number >= wanted.length);
  const highest = Math.max(wanted.length - 1, ...open);
  return Array.from({ length: highest + 1 }, (_none, number) =>
    number < wanted.length ? wanted[number] : open.includes(number) ? emptyFile() : 'ignore',
  );
}

let nullDevice: number | undefined;
// "ignore" leaves an open file as it is.
const emptyFile = () => (nullDevice ??= openSync('/dev/null', 'r+'));

function handedOn(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number).filter(isHandedOn);
  } catch {
    return [];
  }
}

function isHandedOn(number: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    return false;
  }
}
