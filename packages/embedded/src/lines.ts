import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

// A part that prints without ever ending a line must not grow our memory.
const longestLine = 64 * 1024;

/** Calls `onLine` for each line of a process's output. A longer line than 64 KiB comes in pieces. */
export function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream === null) return;
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.replace(/\r$/, ''));
    if (rest.length > longestLine) {
      onLine(rest);
      rest = '';
    }
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
  // The pipe of a killed process may end in an error; its exit is reported elsewhere.
  stream.on('error', () => undefined);
}
