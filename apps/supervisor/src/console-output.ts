import type { Writable } from 'node:stream';
import type { Level } from './format-log-line.ts';

export interface ConsoleOutput {
  /** A line under an app's prefix. */
  line(source: string, text: string, level?: Level): void;
  /** A line of our own, without prefix. */
  say(text: string): void;
  /** Redraws the current line on a terminal; prints nothing elsewhere. */
  progress(text: string): void;
  /** Waits until everything was written. */
  flush(): Promise<void>;
}

export interface ConsoleOptions {
  stream: Writable;
  /** Whether it is a terminal: then in colour, and progress is redrawn. */
  terminal: boolean;
  /** The longest name of an app. */
  prefixWidth: number;
}

// A terminal or pipe that nobody reads must not grow our memory: beyond this, lines are dropped (the files have them).
const mostUnread = 4 * 1024 * 1024;
const palette = [36, 35, 34, 32, 33, 96, 95, 94];
const plain = 39;
const red = 31;
const yellow = 33;
const clearLine = '\r\u001b[K';

/** Writes what the plane says to people: `gateway | ...`, in colour on a terminal. */
export function createConsoleOutput({ stream, terminal, prefixWidth }: ConsoleOptions): ConsoleOutput {
  const colours = new Map<string, number>();
  let drawing = false;

  const write = (text: string) => {
    if (stream.writableLength > mostUnread) return;
    stream.write(drawing ? clearLine + text : text);
    drawing = false;
  };
  const paint = (code: number, text: string) => (terminal ? `\u001b[${code}m${text}\u001b[0m` : text);
  const colourOf = (source: string) => {
    const colour = colours.get(source) ?? palette[colours.size % palette.length] ?? plain;
    colours.set(source, colour);
    return colour;
  };

  return {
    line(source, text, level = 'info') {
      const prefix = paint(colourOf(source), `${source.padEnd(prefixWidth)} | `);
      const serious = level === 'error' || level === 'fatal';
      const shown = serious ? paint(red, text) : level === 'warn' ? paint(yellow, text) : text;
      write(`${prefix}${shown}\n`);
    },
    say: (text) => write(`${text}\n`),
    progress(text) {
      if (!terminal) return;
      write(`${clearLine}${text}`);
      drawing = true;
    },
    flush: () => new Promise((resolve) => stream.write('', () => resolve())),
  };
}
