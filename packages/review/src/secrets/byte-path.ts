import { isUtf8 } from 'node:buffer';
import { sep } from 'node:path';

/** A path below a project, with slashes, each byte of it a character: names of files need not be UTF-8. */
export type BytePath = string;

export const bytesOf = (path: string): BytePath => Buffer.from(path, 'utf8').toString('latin1');

/** The path as it is shown: what is no UTF-8 stands as `\xE9`. */
export function shownPath(bytes: BytePath): string {
  const buffer = Buffer.from(bytes, 'latin1');
  if (isUtf8(buffer)) return buffer.toString('utf8');
  return bytes.replaceAll(
    /[\x80-\xff]/g,
    (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Where a file is, for the functions of `node:fs`. */
export const fileAt = (root: string, path: BytePath): Buffer =>
  Buffer.concat([Buffer.from(`${root}${sep}`), Buffer.from(path, 'latin1')]);
