import { parseArgs } from 'node:util';
import { commandHelp } from './commands.ts';

export const usage = `Usage: node packages/testing/src/telegram/main.ts [options]

A Telegram for trying the bot by hand, on loopback: it prints what the bot sends, and you type what people do.

Options:
  --port <n>     where it listens (8081)
  --token <t>    the bot's token (one for use by hand)
  --user <id>    who you are: a numeric user id (42)
  --chat <id>    the chat for alerts and cards: a numeric id, a group's is negative (the user's own)
  -h, --help     show this text

What you can type:${commandHelp}`;

/** A command line that cannot be used; the message says what to do. */
export class BadOption extends Error {
  override readonly name = 'BadOption';

  constructor(problem: string, options: ErrorOptions = {}) {
    super(`${problem}\nTry: node packages/testing/src/telegram/main.ts --help`, options);
  }
}

export interface Options {
  port: number;
  token: string;
  user: number;
  chat: number;
}

/**
 * Reads the command line.
 *
 * @throws BadOption when it has an option or a value that cannot be used
 */
export function readOptions(words: readonly string[]): Options | 'help' {
  const values = parse(words);
  if (values.help) return 'help';
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    throw new BadOption('--port must be a whole number from 0 to 65535.');
  }
  if (!/^\d+:[\w-]+$/.test(values.token)) {
    throw new BadOption('--token must look like a bot token: digits, a colon, letters.');
  }
  const user = idOf('--user', values.user, /^\d{1,15}$/);
  return {
    port,
    token: values.token,
    user,
    chat: idOf('--chat', values.chat ?? values.user, /^-?\d{1,15}$/),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        port: { type: 'string', default: '8081' },
        token: { type: 'string', default: '424242:telegram-stand-in-for-use-by-hand' },
        user: { type: 'string', default: '42' },
        chat: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    // Node's message names the option and, for a negative number, how to write it.
    throw new BadOption(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function idOf(option: string, value: string, form: RegExp): number {
  if (!form.test(value)) throw new BadOption(`${option} must be a numeric id.`);
  return Number(value);
}
