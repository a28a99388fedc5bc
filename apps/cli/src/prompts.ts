import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError } from './cli-error.ts';

export interface Prompts {
  /** Whether a person sits at a terminal. */
  readonly interactive: boolean;
  /** Asks, and waits for a line: of the terminal, or of what is piped in. @throws CliError when there is none, or on Ctrl-C */
  ask(question: string, unanswered: string): Promise<string>;
  /** The same, without showing what is typed. */
  askHidden(question: string, unanswered: string): Promise<string>;
  /** Waits for a command while other things are written. */
  command(prompt: string): CommandPrompt;
  close(): void;
}

interface CommandPrompt {
  /** What was typed; undefined on Ctrl-C, Ctrl-D, or when it was closed. */
  line: Promise<string | undefined>;
  /** Writes above the line that is being typed. */
  above(write: () => void): void;
  close(): void;
}

type TerminalInput = NodeJS.ReadableStream & { isTTY?: boolean };

// As a shell reports a command that Ctrl-C ended.
const interrupted = 130;

/** Questions on standard error, so that standard output has results alone. */
export function createPrompts(input: TerminalInput, output: NodeJS.WritableStream): Prompts {
  // Whatever standard error is: what is typed as a password must not be shown.
  const interactive = input.isTTY === true;
  let piped: ReturnType<typeof createLineReader> | undefined;

  async function fromPipe(question: string, unanswered: string): Promise<string> {
    piped ??= createLineReader(input);
    output.write(question);
    const line = await piped.next();
    output.write('\n');
    if (line !== undefined) return line;
    throw new CliError(`No answer on standard input. ${unanswered}`, { exitCode: 1 });
  }
  const asked = (question: string, unanswered: string, hidden: boolean) =>
    interactive
      ? askTerminal(input, output, { question, unanswered, hidden })
      : fromPipe(question, unanswered);

  return {
    interactive,
    ask: (question, unanswered) => asked(question, unanswered, false),
    askHidden: (question, unanswered) => asked(question, unanswered, true),
    command: (prompt) => commandPrompt(input, output, prompt),
    close: () => piped?.close(),
  };
}

function askTerminal(
  input: TerminalInput,
  output: NodeJS.WritableStream,
  { question, unanswered, hidden }: { question: string; unanswered: string; hidden: boolean },
): Promise<string> {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  // One for each question: between two of them Ctrl-C has to end the process as usual.
  const reader = createInterface({
    input,
    output: hidden ? nothing : output,
    terminal: true,
    historySize: 0,
  });
  // Only now that nothing is echoed any more.
  if (hidden) output.write(question);
  return new Promise<string>((resolve, reject) => {
    reader.once('SIGINT', () => {
      reject(new CliError(`\nInterrupted. ${unanswered}`, { exitCode: interrupted }));
      reader.close();
    });
    reader.once('close', () => reject(new CliError(`\nNo answer. ${unanswered}`, { exitCode: 1 })));
    reader.question(hidden ? '' : question, (line) => {
      if (hidden) output.write('\n');
      resolve(line);
      reader.close();
    });
  });
}

function commandPrompt(input: TerminalInput, output: NodeJS.WritableStream, prompt: string): CommandPrompt {
  const reader = createInterface({ input, output, terminal: true, prompt });
  const line = new Promise<string | undefined>((resolve, reject) => {
    reader.once('line', resolve);
    reader.once('SIGINT', () => {
      reject(new CliError('\nInterrupted.', { exitCode: interrupted }));
      reader.close();
    });
    reader.once('close', () => resolve(undefined));
  });
  reader.prompt();
  return {
    line,
    above(write) {
      output.write('\r\u001b[K');
      write();
      reader.prompt(true);
    },
    close: () => reader.close(),
  };
}

// Keeps the lines that come before they are asked for.
function createLineReader(input: TerminalInput) {
  const reader: Interface = createInterface({ input, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  return {
    next: async (): Promise<string | undefined> => {
      const { value, done } = await lines.next();
      return done === true ? undefined : value;
    },
    close() {
      reader.close();
      input.pause();
    },
  };
}
