import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { beforeEach, describe, expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { writePidFile } from '@actp/embedded/pid-file';
import { parseEnvFile } from '@actp/shared/env-file/parse';
import { createAcdServer } from '@actp/testing/acd/server';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { createBotClient } from '@actp/testing/telegram/bot-client';
import { createTelegramServer } from '@actp/testing/telegram/server';
import { runCliProcess } from '../../cli-process.fixture.ts';
import { openSetup, type Person } from './person.fixture.ts';

const token = `7654321:${'k'.repeat(35)}`;
const ada = { id: 4711, is_bot: false, first_name: 'Ada', last_name: 'L' };

let root: string;
const file = () => join(root, '.env');
const valuesOf = async () => parseEnvFile(await readFile(file()), '.env').values;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'actp-setup-'));
  const made = root;
  atEnd(() => rm(made, { recursive: true, force: true }));
});

async function openTelegram() {
  const telegram = await createTelegramServer({ token });
  atEnd(() => telegram.stop());
  telegram.addUser(ada);
  return telegram;
}

const open = (telegram: { url: string }, env: Record<string, string> = {}) =>
  openSetup(root, { TELEGRAM_API_ROOT: telegram.url, ...env });

/** Says no to what a test is not about. */
async function skip(person: Person, ...questions: string[]) {
  for (const question of questions) await person.answer(question, 'n');
}
const rest = ['coding agent?', 'Redis', 'Supabase', 'Set their keys?'];

describe('npm run setup: Telegram', () => {
  it('takes chat and person from /start, tries them, and writes a private .env', async () => {
    const telegram = await openTelegram();
    const person = open(telegram);
    await person.answer('Set up Telegram?', '');
    await person.answer('Bot token (not shown)', token);
    await person.sees('The token is that of @actp_test_bot');
    await person.sees('Waiting ...');
    telegram.say({ chat_id: ada.id, text: '/START' });
    await person.sees('from “Ada L” (user 4711) in the private chat');
    await person.answer('Use this chat', '');
    await person.answer('Send a test message', '');
    await telegram.waitForMessage({ chat_id: ada.id, text: 'will get the approvals' });
    await skip(person, ...rest);
    await person.sees('TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID, TELEGRAM_APPROVER_IDS');
    await person.answer('Write them?', '');
    expect(await person.done).toBe(0);
    expect(await valuesOf()).toEqual({
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_CHAT_ID: '4711',
      TELEGRAM_APPROVER_IDS: '4711',
    });
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(person.screen()).not.toContain(token);
    // The plane gets the same /start when it begins, and greets.
    expect(telegram.pendingUpdates()).toHaveLength(1);
    expect(await readdir(root)).toEqual(['.env']);
  });

  it('asks again after a token that Telegram rejects, or that is none', async () => {
    const telegram = await openTelegram();
    const person = open(telegram);
    await person.answer('Set up Telegram?', 'yes');
    await person.answer('Bot token', 'my-token');
    await person.answer('must be a bot token', `7654321:${'w'.repeat(35)}`);
    await person.sees('Telegram rejects TELEGRAM_BOT_TOKEN');
    await person.answer('Bot token', '');
    await skip(person, ...rest);
    await person.sees('Nothing has changed');
    expect(await person.done).toBe(0);
    expect(await readdir(root)).toEqual([]);
    expect(person.screen()).not.toContain('w'.repeat(35));
  });

  it('waits on after a stranger’s /start, and keeps those who may decide', async () => {
    const telegram = await openTelegram();
    await writeFile(file(), `# mine\nTELEGRAM_APPROVER_IDS='12, 13'\nOTHER="a \\$ b"\n`);
    telegram.addChat({ id: -1_005, title: 'Ops', type: 'supergroup' });
    telegram.say({ chat_id: 99, text: '/start' });
    telegram.say({ chat_id: 99, text: 'hello' });
    const person = open(telegram);
    await person.answer('Set up Telegram?', 'y');
    await person.answer('Bot token', token);
    await person.sees('(user 99)');
    await person.answer('Use this chat', 'n');
    await person.sees('Waiting ...');
    telegram.say({ chat_id: -1_005, from: ada.id, text: '/start@actp_test_bot' });
    await person.sees('in the supergroup “Ops” (chat -1005)');
    await person.answer('Use this chat', 'y');
    await person.answer('Send a test message', 'n');
    await skip(person, ...rest);
    await person.answer('Write them?', 'y');
    expect(await person.done).toBe(0);
    expect(await valuesOf()).toMatchObject({
      TELEGRAM_CHAT_ID: '-1005',
      TELEGRAM_APPROVER_IDS: '12,13,4711',
    });
    const text = await readFile(file(), 'utf8');
    expect(text.startsWith('# mine\nTELEGRAM_APPROVER_IDS=12,13,4711\nOTHER="a \\$ b"\n')).toBe(true);
    expect(telegram.calls('sendMessage')).toEqual([]);
    expect(telegram.pendingUpdates()).toHaveLength(3);
  });

  it('takes nothing away from a plane that polls; ids can be typed', async () => {
    const telegram = await openTelegram();
    await writeFile(file(), `TELEGRAM_BOT_TOKEN=${token}\n`);
    const dataDir = join(root, 'data');
    await mkdir(dataDir);
    writePidFile(join(dataDir, 'lock'), process.pid);
    const person = open(telegram, { ACTP_DATA_DIR: dataDir });
    await person.sees('TELEGRAM_BOT_TOKEN set');
    await person.answer('Change Telegram?', 'y');
    await person.answer('keep the one that is set', '');
    await person.answer('Is it stopped?', '');
    await person.answer('Id of the chat', 'Ops');
    await person.answer('must be a numeric chat id', '-1005');
    await person.answer('User ids', '4711');
    await person.answer('Send a test message', 'y');
    await person.sees('Telegram refuses it');
    await skip(person, ...rest);
    await person.answer('Write them?', 'y');
    await person.sees('Stop the plane and start it again');
    expect(await person.done).toBe(0);
    expect(telegram.calls('getUpdates')).toEqual([]);
    expect(await valuesOf()).toMatchObject({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_CHAT_ID: '-1005' });
  });

  it('removes a webhook when it may, and goes on after Enter', async () => {
    const telegram = await openTelegram();
    const call = createBotClient(telegram);
    await call('setWebhook', { url: 'http://127.0.0.1:1/hook' });
    const person = open(telegram);
    await person.answer('Set up Telegram?', 'y');
    await person.answer('Bot token', token);
    await person.answer('Remove that webhook?', 'y');
    await person.answer('Waiting ...', '');
    await person.answer('Id of the chat', '');
    await person.answer('User ids', '4711');
    expect((await call('getWebhookInfo')).result).toMatchObject({ url: '' });
    await skip(person, ...rest);
    await person.answer('Write them?', 'n');
    expect(await person.done).toBe(0);
    expect(await readdir(root)).toEqual([]);
  });
});

describe('npm run setup', () => {
  it('tries stores of your own with the checks of the start', async () => {
    const stores = await openStores();
    const redis = await openOwnRedis();
    const away = `redis://:some-password-of-mine@127.0.0.1:${await ownPort()}`;
    const person = openSetup(root);
    await skip(person, 'Set up Telegram?', 'coding agent?');
    await person.answer('Redis of your own?', 'y');
    await person.answer('Its address', away);
    await person.sees('is unavailable (ECONNREFUSED)');
    await person.answer('Keep it all the same?', '');
    await person.answer('Supabase project of your own?', 'y');
    await person.answer('Its address', stores.env.SUPABASE_URL);
    await person.answer('service-role key', stores.keyFor('anon'));
    await person.answer('DATABASE_URL', '');
    await person.sees('rejects SUPABASE_SERVICE_ROLE_KEY');
    await person.answer('Keep it all the same?', '');
    await person.answer('Set their keys?', 'n');
    await person.sees('Nothing has changed');
    expect(await person.done).toBe(0);

    const again = openSetup(root);
    await skip(again, 'Set up Telegram?', 'coding agent?');
    await again.answer('Redis of your own?', 'y');
    await again.answer('Its address', redis.env.REDIS_URL);
    await again.sees('It can be used');
    await again.answer('Supabase project of your own?', 'y');
    await again.answer('Its address', stores.env.SUPABASE_URL);
    await again.answer('service-role key', stores.env.SUPABASE_SERVICE_ROLE_KEY);
    await again.answer('DATABASE_URL', stores.env.DATABASE_URL);
    await again.sees('It can be used');
    await again.answer('Set their keys?', 'n');
    await again.answer('Write them?', 'y');
    expect(await again.done).toBe(0);
    const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL } = stores.env;
    const { REDIS_URL } = redis.env;
    expect(await valuesOf()).toEqual({ REDIS_URL, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL });
    for (const secret of [SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL, REDIS_URL]) {
      expect(again.screen()).not.toContain(secret);
    }
  });

  it('tries a coding agent, and looks at the form of keys', async () => {
    const acd = await createAcdServer();
    atEnd(() => acd.stop());
    const person = openSetup(root, { RESEND_FROM: 'env@example.com' });
    await person.sees('RESEND_FROM set in the environment');
    await person.answer('Set up Telegram?', 'n');
    await person.answer('coding agent?', 'y');
    await person.answer('Its address', 'localhost:3434');
    await person.answer('ACD_URL must be a URL', acd.url);
    await person.answer('Its token', '');
    await person.sees('It answers at ACD_URL');
    await skip(person, 'Redis', 'Supabase');
    await person.answer('Set their keys?', 'y');
    await person.answer('Brave', 'two words');
    await person.answer('BRAVE_API_KEY must be', 'BSA-key-of-a-test');
    for (const next of ['Groq', 'Gemini']) await person.answer(next, '');
    await person.answer('Resend key', 're_key_of_a_test');
    await person.answer('Who sends', 'nobody');
    await person.answer('RESEND_FROM must be', "Tim O'Neil <tim@example.com>");
    await person.answer('CoinGecko', '');
    await person.answer('Write them?', 'y');
    await person.sees('takes precedence over .env: RESEND_FROM');
    expect(await person.done).toBe(0);
    expect(await valuesOf()).toEqual({
      ACD_URL: acd.url,
      BRAVE_API_KEY: 'BSA-key-of-a-test',
      RESEND_API_KEY: 're_key_of_a_test',
      RESEND_FROM: "Tim O'Neil <tim@example.com>",
    });
    expect(person.screen()).not.toContain('key-of-a-test');

    // Once more: what is set is named, and removed with a minus.
    const again = openSetup(root);
    await again.sees('BRAVE_API_KEY set');
    await skip(again, 'Set up Telegram?', 'coding agent?', 'Redis', 'Supabase');
    await again.answer('Set their keys?', 'y');
    await again.answer('Brave', '-');
    for (const next of ['Groq', 'Gemini', 'Resend key', 'Who sends', 'CoinGecko'])
      await again.answer(next, '');
    await again.answer('Write them?', 'y');
    expect(await again.done).toBe(0);
    expect((await valuesOf())['BRAVE_API_KEY']).toBe('');
    expect(again.screen()).not.toContain('key-of-a-test');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('leaves everything as it is after %s, also while it waits', async (_, keys) => {
    const telegram = await openTelegram();
    const before = '# mine\nA=1\n';
    await writeFile(file(), before);
    await chmod(file(), 0o600);
    const person = open(telegram);
    await person.answer('Set up Telegram?', 'y');
    await person.answer('Bot token', token);
    await person.sees('Waiting ...');
    await eventually(() => telegram.calls('getUpdates').length > 0);
    person.press(keys);
    expect(await person.done).toBe(130);
    expect(await readFile(file(), 'utf8')).toBe(before);
    expect(person.screen()).toContain('nothing was written');
    const other = openSetup(root);
    await other.sees('Set up Telegram?');
    other.press(keys);
    expect(await other.done).toBe(130);
  });

  it('changes nothing where .env cannot be read, and names the line', async () => {
    await writeFile(file(), 'A=two words\n');
    const person = openSetup(root);
    expect(await person.done).toBe(2);
    expect(person.screen()).toContain('line 1: A has a blank');
    expect(await readFile(file(), 'utf8')).toBe('A=two words\n');
  });

  it('needs a terminal, and says what to do without', async () => {
    const { code, out, problem } = await runCliProcess(['setup'], { cwd: root, env: {} });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(problem).toContain('needs a terminal');
    expect(problem).toContain('.env.example');
  });
});
