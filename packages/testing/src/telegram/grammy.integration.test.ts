import { Bot, InlineKeyboard, InputFile } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTelegramServer, type TelegramServer } from './server.ts';
import { latest } from './state/messages.ts';

const token = '4242:stand-in-token-for-tests-0006';
let telegram: TelegramServer;
let bot: Bot;
let polling: Promise<void> | undefined;

beforeEach(async () => {
  telegram = await createTelegramServer({ token, chats: [{ id: 42 }] });
  bot = newBot();
});
afterEach(async () => {
  await bot.stop();
  await polling;
  await telegram.stop();
});

function newBot(): Bot {
  return new Bot(token, { client: { apiRoot: telegram.url } });
}

function start(): void {
  polling = bot.start({ allowed_updates: ['message', 'callback_query'] });
}

describe('grammY as the client', () => {
  it('polls, answers a command, shows buttons, gets a press and edits its card', async () => {
    bot.command('go', (ctx) =>
      ctx.reply('<b>Ready?</b>', {
        parse_mode: 'HTML',
        reply_markup: new InlineKeyboard().text('Yes', 'yes').text('No', 'no'),
      }),
    );
    bot.callbackQuery('yes', async (ctx) => {
      await ctx.answerCallbackQuery('Gone');
      await ctx.editMessageText(`Sent by ${ctx.from.id}`);
    });
    start();
    telegram.say({ chat_id: 42, text: '/go' });
    const { message_id } = await telegram.waitForMessage({ text: 'Ready?' });
    const { answer } = await telegram.press({ chat_id: 42, message_id, button: 'Yes' });
    expect(answer?.text).toBe('Gone');
    const card = await telegram.waitForMessage({ text: 'Sent by 42' });
    expect(card.versions).toHaveLength(2);
    await telegram.waitUntilQuiet({ quietMs: 50 });
  });

  it('handles an update again that was not confirmed before a crash', async () => {
    const seen: number[] = [];
    const { update_id } = telegram.say({ chat_id: 42, text: 'hi' });
    const crashed = newBot();
    await crashed.init();
    const [update] = await crashed.api.getUpdates();
    bot.on('message', (ctx) => void seen.push(ctx.update.update_id));
    start();
    await telegram.waitUntilQuiet({ quietMs: 50 });
    expect(update?.update_id).toBe(update_id);
    expect(seen).toEqual([update_id]);
  });

  it('goes on after Telegram was away', async () => {
    bot.on('message', (ctx) => ctx.reply('here'));
    start();
    telegram.say({ chat_id: 42, text: 'one' });
    await telegram.waitForMessage({ text: 'here' });
    await telegram.waitUntilQuiet({ quietMs: 50 });
    await telegram.goAway();
    telegram.say({ chat_id: 42, text: 'two' });
    await telegram.comeBack();
    await telegram.waitForMessage({
      matches: () => telegram.messages({ text: 'here' }).length === 2,
    });
  });

  it('is ended by a second poller', async () => {
    const ended = bot.start().catch((error: unknown) => String(error));
    const other = newBot();
    await telegram.waitUntilQuiet({ quietMs: 50 });
    const otherPolling = other.start();
    expect(await ended).toContain('409: Conflict: terminated by other getUpdates request');
    await other.stop();
    await otherPolling;
  });

  it('sends a document', async () => {
    const file = new InputFile(Buffer.from('all fine'), 'report.txt');
    await bot.api.sendDocument(42, file, { caption: 'report' });
    const message = await telegram.waitForMessage({ text: 'report' });
    expect(latest(message).document).toMatchObject({ file_name: 'report.txt', file_size: 8 });
  });
});
