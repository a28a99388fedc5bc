import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createTelegramServer } from './server.ts';
import { commandHelp, runCommand } from './terminal/commands.ts';
import { watchTelegram } from './terminal/watch.ts';

const print = (text: string) => process.stdout.write(text === '' ? '' : `${text}\n`);
const say = (error: unknown) => print(error instanceof Error ? error.message : String(error));

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8081' },
      token: { type: 'string', default: '424242:telegram-stand-in-for-use-by-hand' },
      user: { type: 'string', default: '42' },
      chat: { type: 'string' },
    },
  });
  const { token } = values;
  const user = Number(values.user);
  const chat = Number(values.chat ?? values.user);
  const chats = [{ id: user }, ...(chat === user ? [] : [{ id: chat }])];
  const telegram = await createTelegramServer({ token, port: Number(values.port), chats });

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
  say(error);
  process.exitCode = 1;
});
