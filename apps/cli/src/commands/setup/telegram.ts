import { createTelegramCall, type TelegramCall } from '@actp/services/doctor/telegram-api';
import { Me, tokenProblem } from '@actp/services/doctor/telegram';
import { askSetting } from './ask-setting.ts';
import { isFreeToPoll } from './telegram-poller.ts';
import type { TelegramSetup } from './telegram-setup.ts';
import { takeIdsFromStart } from './telegram-start.ts';

/** The bot, its chat and who may decide: each is tried at once. */
export async function setUpTelegram(setup: TelegramSetup): Promise<void> {
  const { talk, draft } = setup;
  talk.say('Telegram: approvals, alerts and commands on a phone.');
  const known = draft.get('TELEGRAM_BOT_TOKEN') !== undefined;
  if (!(await talk.confirm(known ? 'Change Telegram?' : 'Set up Telegram?', !known))) return;
  talk.say('  A bot is made in Telegram: write /newbot to @BotFather, who answers with its token.');
  const bot = await askToken(setup);
  if (bot === undefined) return;
  const { call, username, token } = bot;
  const found =
    (await isFreeToPoll(setup, call, token)) && (await takeIdsFromStart(talk, draft, call, username));
  if (!found) await askIds(setup);
  await sendTest(setup, call);
}

type Bot = { call: TelegramCall; username: string; token: string };

async function askToken({ talk, draft, apiRoot }: TelegramSetup): Promise<Bot | undefined> {
  for (;;) {
    const before = draft.get('TELEGRAM_BOT_TOKEN') ?? null;
    const typed = await askSetting(talk, draft, {
      name: 'TELEGRAM_BOT_TOKEN',
      question: 'Bot token',
      secret: true,
    });
    const token = draft.get('TELEGRAM_BOT_TOKEN');
    if (token === undefined) return undefined;
    const call = createTelegramCall({ token, apiRoot });
    const answer = await call('getMe');
    const problem = tokenProblem(answer);
    if (problem === undefined && answer.is === 'done') {
      const { username } = Me.parse(answer.result);
      talk.say(`  The token is that of @${username}.`);
      return { call, username, token };
    }
    talk.say(`  ${problem?.detail ?? 'It cannot be used'}. ${problem?.remedy ?? ''}`);
    if (typed) draft.set('TELEGRAM_BOT_TOKEN', before);
    if (!typed) return undefined;
  }
}

async function askIds({ talk, draft }: TelegramSetup): Promise<void> {
  talk.say('  The bot says both numbers in its answer to /start while the plane runs.');
  await askSetting(talk, draft, {
    name: 'TELEGRAM_CHAT_ID',
    question: 'Id of the chat for cards and alerts',
  });
  await askSetting(talk, draft, {
    name: 'TELEGRAM_APPROVER_IDS',
    question: 'User ids of those who may decide, separated by commas',
  });
}

async function sendTest({ talk, draft }: TelegramSetup, call: TelegramCall): Promise<void> {
  const chat_id = draft.get('TELEGRAM_CHAT_ID');
  if (chat_id === undefined || !(await talk.confirm('Send a test message to that chat?', true))) return;
  const text = 'This chat will get the approvals and alerts of actp-worker.';
  const sent = await call('sendMessage', { chat_id, text });
  if (sent.is === 'done') talk.say('  Sent.');
  else if (sent.is === 'unreachable') talk.say(`  Telegram cannot be reached${sent.how}.`);
  else
    talk.say(
      `  Telegram refuses it (${sent.code}): send /start to the bot from that chat, and run this again.`,
    );
}
