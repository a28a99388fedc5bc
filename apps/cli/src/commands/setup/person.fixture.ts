import { PassThrough } from 'node:stream';
import process from 'node:process';
import { eventually } from '@actp/testing/eventually';
import { commands } from '../../commands.ts';
import { runCli } from '../../run-cli.ts';

export interface Person {
  /** Everything that stands on the terminal. */
  screen(): string;
  /** Waits for a question and answers it with a line. */
  answer(question: string | RegExp, line: string): Promise<void>;
  /** Waits for a text, without answering. */
  sees(text: string | RegExp): Promise<void>;
  /** Presses keys, for instance Ctrl-C. */
  press(keys: string): void;
  /** The exit code. */
  done: Promise<number>;
}

/** Somebody in front of `npm run setup` of a checkout. */
export function openSetup(root: string, env: Record<string, string> = {}): Person {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const out = new PassThrough();
  let screen = '';
  let read = 0;
  out.setEncoding('utf8').on('data', (text: string) => (screen += text));
  const { PATH = '' } = process.env;
  const done = runCli(['setup'], commands, {
    root,
    environment: { PATH, ...env },
    input: input as unknown as NodeJS.ReadStream,
    out: out as unknown as NodeJS.WriteStream,
    err: out as unknown as NodeJS.WriteStream,
  });
  const sees = async (text: string | RegExp) => {
    await eventually(() => {
      const rest = screen.slice(read);
      const at = typeof text === 'string' ? rest.indexOf(text) : rest.search(text);
      if (at === -1) throw new Error(`it does not say ${String(text)}, but:\n${rest}`);
      read += at + 1;
      return true;
    });
  };
  return {
    screen: () => screen,
    sees,
    async answer(question, line) {
      await sees(question);
      input.write(`${line}\n`);
    },
    press: (keys) => void input.write(keys),
    done,
  };
}
