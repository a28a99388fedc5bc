import { isatty } from 'node:tty';

export interface Progress {
  /** Replaces the line; nothing happens where nobody looks. */
  show(text: string): void;
  /** Removes it. */
  end(): void;
}

const standardError = 2;
const clearLine = '\r\u001B[K';

/** One line on a terminal that says how far a long command has come. */
export function createProgress(err: NodeJS.WriteStream): Progress {
  const terminal = isatty(standardError);
  return {
    show(text) {
      if (terminal) err.write(`${clearLine}${text}`);
    },
    end() {
      if (terminal) err.write(clearLine);
    },
  };
}
