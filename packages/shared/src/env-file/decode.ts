import { TextDecoder } from 'node:util';

export interface DecodedEnvFile {
  /** Without byte order mark; line ends of Windows only where a file mixes both kinds. */
  text: string;
  /** The first line that is no text in UTF-8. */
  badLine?: number;
}

const newline = 0x0a;
const mark = '\uFEFF';

/** Takes the bytes of a `.env` for text in UTF-8, whichever editor has written it. */
export function decodeEnvFile(bytes: Uint8Array): DecodedEnvFile {
  const text = decode(bytes);
  if (text === undefined || text.includes('\0')) return { text: '', badLine: firstBadLine(bytes) };
  const unmarked = text.startsWith(mark) ? text.slice(mark.length) : text;
  // Where every line ends as on Windows, those inside quotes are the editor's too.
  const windows = !/(?:^|[^\r])\n/.test(unmarked);
  return { text: windows ? withUnixLineEnds(unmarked) : unmarked };
}

/** The same settings as a shell reads them as well. */
export const withUnixLineEnds = (text: string): string => text.replaceAll(/\r(?:\n|$)/g, '\n');

// With the mark, which is looked for above.
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let begin = 0;
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, begin)) {
    if (decode(bytes.subarray(begin, end))?.includes('\0') !== false) return line;
    begin = end + 1;
    line += 1;
  }
  return line;
}
