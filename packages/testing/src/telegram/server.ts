import type { User } from 'grammy/types';
import type { ApiCall } from './state/call-log.ts';
import type { NewChat, Reachability } from './state/chats.ts';
import type { SendRefusal } from './state/send-refusals.ts';
import { telegramLimits, type FloodLimits } from './state/flood-limits.ts';
import { createHttpServer } from './http-server.ts';
import { migrate } from './people/migrate.ts';
import { listMessages, waitForMessage, waitUntilQuiet, type MessageFilter } from './people/observe.ts';
import { forgePress, press, type ForgedPress, type Press } from './people/press.ts';
import { talk, type Utterance } from './people/talk.ts';
import { createWorld } from './world.ts';

export interface TelegramServerOptions {
  /** In the form that @BotFather gives: digits, a colon, at least 20 further characters. */
  token: string;
  /** A free port when left out. */
  port?: number;
  botUsername?: string;
  /** Chats that exist from the start; a private one also comes to be when its user writes. */
  chats?: readonly NewChat[];
  /** Milliseconds since 1970, in place of the real time. */
  clock?: () => number;
  /** How long a press can be answered, in milliseconds; about 15 s, as Telegram's clients wait. */
  answerWithinMs?: number;
}

export type TelegramServer = Awaited<ReturnType<typeof createTelegramServer>>;

/**
 * A Telegram Bot API on loopback, with state and faults on request.
 * `url` is what `TELEGRAM_API_ROOT` takes. The other methods are the people at the other end;
 * `POST /_control/...` offers the same to other processes.
 */
export async function createTelegramServer(options: TelegramServerOptions) {
  const { token, port = 0, botUsername = 'actp_test_bot', answerWithinMs = 15_000 } = options;
  const { clock = Date.now, chats = [] } = options;
  const world = createWorld({ token, botUsername, clock, answerWithinMs });
  for (const chat of chats) world.chats.add(chat);
  const ending = new AbortController();
  const ended = ending.signal;
  const http = await createHttpServer(world, ended, port);

  return {
    url: http.url,
    token,
    me: world.me,
    addChat: (chat: NewChat): void => void world.chats.add(chat),
    addUser: (user: User): void => world.chats.addUser(user),
    setReachability: (chatId: number, reachability: Reachability): void =>
      world.chats.setReachability(chatId, reachability),

    /** The chat refuses messages for this reason, until it is `open` again. */
    setSending: (chatId: number, sending: SendRefusal | 'open'): void =>
      world.chats.setSending(chatId, sending),
    /** The group becomes a supergroup of another id. */
    migrate: (from: number, to: number): void => migrate(world, from, to),

    say: (utterance: Utterance) => talk(world, utterance),
    press: (wanted: Press) => press(world, ended, wanted),
    forgePress: (forged: ForgedPress) => forgePress(world, ended, forged),

    messages: (filter?: MessageFilter) => listMessages(world, filter),
    waitForMessage: (filter: MessageFilter, within?: number) => waitForMessage(world, ended, filter, within),
    waitUntilQuiet: (wait?: { quietMs?: number; within?: number }) => waitUntilQuiet(world, ended, wait),
    /** Calls `listener` whenever a message, a press or a call came or changed; gives the way to end that. */
    onChange: (listener: () => void): (() => void) => world.changed.subscribe(listener),
    /** Calls that bots made, oldest first. */
    calls: (method?: string): readonly ApiCall[] => world.calls.list(method),

    /** Delivers an update again, also one that was confirmed long ago. */
    redeliver: (updateId: number) => world.updates.redeliver(updateId),
    /** Delivers an update of any form, as no Telegram of today makes it. */
    deliverOdd: (content: Readonly<Record<string, unknown>>): void => world.updates.addOdd(content),
    /** Keeps all updates back until `releaseUpdates`. */
    holdUpdates: (): void => world.updates.hold(true),
    releaseUpdates: (): void => world.updates.hold(false),
    pendingUpdates: () => world.updates.pending(),
    /** Every update that was ever made, oldest first. */
    updates: () => world.updates.made(),

    faults: world.faults,
    /** Telegram's limits of messages per second and minute, or others; `off` is how it starts. */
    limitFlood: (limits: FloodLimits | 'telegram' | 'off'): void =>
      world.floodGuard.set(limits === 'off' ? undefined : limits === 'telegram' ? telegramLimits : limits),
    /** Telegram cannot be reached: connections are cut and refused until `comeBack`. State stays. */
    goAway: () => http.close(),
    comeBack: () => http.open(),

    async stop(): Promise<void> {
      ending.abort();
      world.poller.stop();
      world.webhook.stop();
      await http.close();
    },
  };
}
