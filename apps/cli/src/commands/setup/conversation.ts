import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** The person has ended the conversation: Ctrl-C, or the end of the input. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface Conversation {
  say(line?: string): void;
  /** @param shown what an empty answer means; that is up to the caller */
  ask(question: string, shown?: string): Promise<string>;
  /** The same, without showing what is typed. */
  askSecret(question: string, shown?: string): Promise<string>;
  confirm(question: string, fallback: boolean): Promise<boolean>;
  /** Waits for that, or until the person presses Enter: then it is ended, and undefined. */
  unlessEnter<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
  close(): void;
}

/**
 * Asks a person, one line at a time.
 *
 * @param terminal.input a terminal; a secret is not echoed, and is in no history
 */
export function createConversation(terminal: {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}): Conversation {
  const { input, output } = terminal;
  let hidden = false;
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hidden) output.write(chunk);
      done();
    },
  });
  const reader = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  const lines: string[] = [];
  let waiting: { line: (line: string) => void; end: () => void } | undefined;
  let ended = false;
  reader.on('line', (line) => {
    const asked = waiting;
    waiting = undefined;
    if (asked === undefined) lines.push(line);
    else asked.line(line);
  });
  const end = () => {
    ended = true;
    waiting?.end();
    waiting = undefined;
  };
  reader.on('SIGINT', () => reader.close());
  reader.on('close', end);

  function nextLine(): Promise<string> {
    const line = lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (ended) return Promise.reject(new Interrupted());
    return new Promise((resolve, reject) => {
      waiting = { line: resolve, end: () => reject(new Interrupted()) };
    });
  }

  async function ask(question: string, shown?: string): Promise<string> {
    reader.setPrompt(`${question}${shown === undefined ? '' : ` [${shown}]`}: `);
    if (!ended) reader.prompt();
    return (await nextLine()).trim();
  }

  return {
    say: (line = '') => void output.write(`${line}\n`),
    ask,
    async askSecret(question, shown) {
      reader.setPrompt('');
      output.write(`${question} (not shown)${shown === undefined ? '' : ` [${shown}]`}: `);
      hidden = true;
      try {
        return (await nextLine()).trim();
      } finally {
        hidden = false;
        output.write('\n');
      }
    },
    async confirm(question, fallback) {
      for (;;) {
        const answer = (await ask(question, fallback ? 'Y/n' : 'y/N')).toLowerCase();
        if (answer === '') return fallback;
        if (['y', 'yes'].includes(answer)) return true;
        if (['n', 'no'].includes(answer)) return false;
        output.write('  Please answer y or n.\n');
      }
    },
    async unlessEnter(work) {
      const stop = new AbortController();
      const enter = nextLine().then(() => undefined);
      const working = work(stop.signal);
      try {
        return await Promise.race([working, enter]);
      } finally {
        // Nobody asks for a line any more: the next one answers the next question.
        waiting = undefined;
        stop.abort();
        working.catch(() => undefined);
        enter.catch(() => undefined);
      }
    },
    close: () => reader.close(),
  };
}
