import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';

export type Report = ReturnType<typeof createReport>;

/** Writes for a person: a line for each step. */
export function createReport(write: (text: string) => void = (text) => void process.stdout.write(text)) {
  const coloured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const paint = (code: number, text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  const say = (text: string) => write(`${text}\n`);
  return {
    say,
    /** What takes a while: said before and after. */
    async progress<T>(what: string, work: Promise<T>, seen: (result: T) => string): Promise<T> {
      const begun = performance.now();
      write(`${what} ... `);
      try {
        const result = await work;
        say(`${seconds(begun)}${seen(result)}`);
        return result;
      } catch (error) {
        say('failed');
        throw error;
      }
    },
    chapter: (title: string) => say(`\n${paint(1, title)}`),
    passed: (name: string, seen: string) => say(`  ${paint(32, '✓')} ${name}: ${plain(seen)}`),
    failed: (name: string, why: string) => say(`  ${paint(31, '✗')} ${name}\n      ${plain(why)}`),
  };
}

/** Since when, for a person. */
export const seconds = (begun: number): string => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;

// What a web page or a model wrote is shown here, too.
const plain = (text: string) => stripVTControlCharacters(text).replaceAll('\n', '\n      ');
