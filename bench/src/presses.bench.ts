import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '@actp/embedded/free-port';
import { startStack } from '@actp/embedded/stack';
import { createTelegramServer } from '@actp/testing/telegram/server';
import { keyOf, prepareDatabase } from './database.ts';
import { machineFacts } from './machine.ts';
import { percentile } from './percentile.ts';
import { startServer } from './server-process.ts';
import { amount } from './smoke.ts';

/*
 * How soon a press on the phone is a decision in the database, and how soon the agent that waits for it hears of it; with
 * the Telegram stand-in on the same machine, so without the way to Telegram and back. Exit code 1 when the limit is missed.
 */
const presses = amount(200, 40);
// The bot sends one message a second to one chat: with many chats the cards are there soon.
const chats = Array.from({ length: 40 }, (_, index) => -1_001 - index);
const approver = 42;
const attempts = 5;
// Milliseconds from the press to the waiter's answer.
const wantedP99 = 150;

const root = join(import.meta.dirname, '..', '..');
const secret = randomBytes(32).toString('base64url');
const token = `4242424242:${randomBytes(26).toString('base64url')}`;
const write = (line: string) => process.stdout.write(`${line}\n`);
const now = () => performance.timeOrigin + performance.now();

const dataDir = await mkdtemp(join(tmpdir(), 'actp-bench-'));
const stack = await startStack({
  dataDir,
  prepareDatabase: prepareDatabase(secret),
});
const redis = new Redis(stack.env.REDIS_URL ?? '', { maxRetriesPerRequest: null });
const telegram = await createTelegramServer({ token, chats: chats.map((id) => ({ id })) });
const port = await freePort();
const env = {
  ...stack.env,
  PATH: process.env['PATH'] ?? '',
  GATEWAY_PORT: String(port),
  WORKER_SECRET: secret,
  SESSION_SECRET: randomBytes(32).toString('base64url'),
  OPERATOR_PASSWORD: randomBytes(12).toString('base64url'),
  TELEGRAM_BOT_TOKEN: token,
  TELEGRAM_CHAT_ID: String(chats[0]),
  TELEGRAM_EXTRA_CHAT_IDS: chats.slice(1).join(','),
  TELEGRAM_APPROVER_IDS: String(approver),
  TELEGRAM_API_ROOT: telegram.url,
};
const gateway = await startServer(join(root, 'apps', 'gateway', 'src', 'main.ts'), {
  ...env,
  ...keyOf(secret, 'gateway'),
});
const bot = spawn(process.execPath, [join(root, 'apps', 'approval-bot', 'src', 'main.ts')], {
  env: { ...env, ...keyOf(secret, 'bot') },
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  for (const line of await machineFacts(redis)) write(line);
  write('');
  const decided: number[] = [];
  const answered: number[] = [];
  const released: number[] = [];
  for (let done = 0; done < presses; done += chats.length) await round(decided, answered, released);
  report('press to decision in the database', decided);
  report('press to answer on the phone', answered);
  report('press to waiting agent released', released, wantedP99);
} finally {
  const gone = once(bot, 'exit');
  bot.kill('SIGTERM');
  await gone;
  await gateway.stop();
  await telegram.stop();
  redis.disconnect();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** One approval in each chat; when all cards are there, they are pressed one after the other. */
async function round(decided: number[], answered: number[], released: number[]): Promise<void> {
  const ids = await Promise.all(chats.map((chat) => ask(String(chat))));
  const cards = await Promise.all(
    ids.map((id) => telegram.waitForMessage({ text: id.slice(0, 8), outgoing: true }, 60_000)),
  );
  await delay(500); // the last card is being recorded
  for (const [index, { chat_id, message_id }] of cards.entries()) {
    const waiting = waitFor(ids[index] ?? '');
    await delay(20);
    const begun = now();
    const pressed = telegram.press({ chat_id, message_id, button: 1, from: approver }).then(({ answer }) => {
      answered.push(now() - begun);
      return answer?.text;
    });
    const approval = await waiting;
    released.push(now() - begun);
    decided.push(Date.parse(approval.decided_at) - begun);
    const told = await pressed;
    if (approval.status !== 'approved') throw new Error(`a press was refused: ${told}`);
  }
}

async function ask(chat_id: string): Promise<string> {
  const body = { action: 'dm.bulk_send', details: { recipients: 25, message: 'hello' }, chat_id };
  const headers = { 'idempotency-key': randomUUID() };
  for (let again = 0; ; again += 1) {
    try {
      const { id } = (await call('POST', '/v1/approvals', headers, body)) as { id: string };
      return id;
    } catch (error) {
      // Asking is not what is measured: on a machine that does other work it may take too long once.
      if (again === attempts) throw error;
    }
  }
}

function waitFor(id: string): Promise<{ status: string; decided_at: string }> {
  return call('GET', `/v1/approvals/${id}`, { prefer: 'wait=30' }) as ReturnType<typeof waitFor>;
}

async function call(method: string, path: string, headers: object, body?: unknown): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

function report(what: string, samples: number[], limit?: number): void {
  const p99 = percentile(samples, 0.99);
  const missed = limit !== undefined && p99 > limit;
  if (missed) process.exitCode = 1;
  const wanted = limit === undefined ? '' : `; at most ${limit} ms${missed ? ': MISSED' : ''}`;
  const p50 = percentile(samples, 0.5);
  write(
    `${what.padEnd(34)} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${samples.length} samples${wanted})`,
  );
}
