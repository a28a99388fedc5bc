import process from 'node:process';
import { createInterface } from 'node:readline';
import { createTelegramServer } from './server.ts';
import { commandHelp, runCommand } from './terminal/commands.ts';
import { BadOption, readOptions, usage } from './terminal/options.ts';
import { watchTelegram } from './terminal/watch.ts';

const print = (text: string) => process.stdout.write(text === '' ? '' : `${text}\n`);
const say = (error: unknown) => print(error instanceof Error ? error.message : String(error));

async function run(): Promise<void> {
  const values = readOptions(process.argv.slice(2));
  if (values === 'help') return void print(usage);
  const { token, user, chat, port } = values;
  const chats = [{ id: user }, ...(chat === user ? [] : [{ id: chat }])];
  const telegram = await createTelegramServer({ token, port, chats });

  print(`Telegram stand-in on ${telegram.url}; Ctrl-C stops it. In another terminal:

  TELEGRAM_API_ROOT=${telegram.url} TELEGRAM_BOT_TOKEN=${token} \\
  TELEGRAM_CHAT_ID=${chat} TELEGRAM_APPROVER_IDS=${user} npm start

You are user ${user} in chat ${chat}. What you can type:
${commandHelp}

For scripts: curl ${telegram.url}/_control
`);
  watchTelegram(telegram, print);

  const lines = createInterface({ input: process.stdin });
  const stop = () => {
    lines.close();
    telegram.stop().then(() => process.exit(0), say);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  lines.on('line', (line) => {
    if (line.trim() === 'quit') return stop();
    runCommand(telegram, line, { user, chat }).then(print, say);
  });
}

run().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = error instanceof BadOption ? 2 : 1;
});

function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'That port is taken: choose another with --port.';
  }
  return error instanceof Error ? error.message : String(error);
}
