import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ownPort } from '@actp/testing/own-port';
import { eventually } from '@actp/testing/eventually';

const program = join(import.meta.dirname, '../../../packages/testing/src/telegram/main.ts');
const token = '4242424242:of-the-stand-in-of-the-load-test';
const approver = 42;
// A bot may send one message a second to a chat: as many chats as there are cards in a few seconds.
const chats = Array.from({ length: 40 }, (_, index) => -1_001 - index);
const cardMs = 60_000;
const readingMs = 1_000;
const approve = 1;

const Message = z.object({ chat_id: z.int(), message_id: z.int() });
const Pressed = z.object({ answer: z.object({ text: z.string().optional() }).optional() });

/** One press on a card. */
interface PressMade {
  /** When, by `performance.now()`. */
  at: number;
  /** What the person was shown; undefined: nothing. */
  shown: string | undefined;
}

export interface Telegram {
  /** What the plane is told. */
  settings: Record<string, string>;
  chats: readonly string[];
  /** Waits for the card of an approval, and presses Approve on it. */
  press(id: string): Promise<PressMade>;
  stop(): Promise<void>;
}

/** The Telegram stand-in in a process of its own, so that its work delays no request. */
export async function startTelegram(): Promise<Telegram> {
  const port = await ownPort();
  const url = `http://127.0.0.1:${port}`;
  // A negative number needs the equals sign.
  const words = [`--token=${token}`, `--user=${approver}`, `--chat=${chats[0]}`, `--port=${port}`];
  const child = spawn(process.execPath, [program, ...words], { stdio: ['pipe', 'ignore', 'inherit'] });
  const control = async (name: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}/_control/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the Telegram stand-in: ${text.slice(0, 300)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  await eventually(() => child.exitCode !== null || fetch(`${url}/_control`).then(() => true));
  if (child.exitCode !== null) throw new Error('the Telegram stand-in did not start');
  for (const id of chats.slice(1)) await control('chat', { id });
  return {
    settings: {
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_CHAT_ID: String(chats[0]),
      TELEGRAM_EXTRA_CHAT_IDS: chats.slice(1).join(','),
      TELEGRAM_APPROVER_IDS: String(approver),
      TELEGRAM_API_ROOT: url,
    },
    chats: chats.map(String),
    async press(id) {
      const answer = await control('wait', { text: id.slice(0, 8), outgoing: true, within: cardMs });
      const card = z
        .union([Message, z.object({ result: Message }).transform(({ result }) => result)])
        .parse(answer);
      // A person reads first.
      await delay(readingMs);
      const at = performance.now();
      const made = await control('press', { ...Message.parse(card), button: approve, from: approver });
      return { at, shown: Pressed.parse(made).answer?.text };
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
