import { UnavailableError } from '@actp/shared/errors';
import { createLogger } from '@actp/shared/log';
import { beforeEach, describe, expect, it } from 'vitest';
import { createPacer, paceLimits } from '../telegram/pacer.ts';
import type { Channel, Delivery } from './channel.ts';
import { createNotificationSender, type NotificationSender } from './notification-sender.ts';
import type { NotificationOutbox, WaitingMessage } from '@actp/services/notifications/outbox';

const timings = { retryMs: 40, maxRetryMs: 100, refusedMs: 5_000 };

let waiting: WaitingMessage[];
let told: string[];
let sent: string[];
let databaseAway: boolean;
let leased: boolean;
let released: number;
let next: Delivery[];
let noted: string[];
// Where the chat is now, and where the database believes it to be.
let chatId: string;
let writtenChatId: string;
let edited: Array<[id: string, messageId: number]>;

function write(...ids: string[]): void {
  waiting.push(
    ...ids.map((id) => ({
      id,
      kind: 'test',
      dedupeKey: id,
      body: id,
      revision: 0,
      messageId: null,
      createdAt: '2026-11-26T00:00:00Z',
      waitedSeconds: 0,
    })),
  );
}

function finish(id: string, how: string): Promise<true> {
  if (databaseAway) return Promise.reject(new UnavailableError('the database'));
  told.push(`${id} ${how}`);
  waiting = waiting.filter((message) => message.id !== id);
  return Promise.resolve(true);
}

const outbox: NotificationOutbox = {
  waiting: () => Promise.resolve([...waiting]),
  stateOf: () => Promise.resolve('pending'),
  async sent({ id, messageId }) {
    await finish(id, `sent as ${messageId}`);
    // What the SQL function gives, which is nothing.
    return undefined as never;
  },
  logged: (id) => finish(id, 'logged'),
  failed: (id, reason) => Promise.resolve(told.push(`${id} ${reason}`) > 0),
  overdue: () => Promise.resolve(waiting.length > 0),
};

const channel: Channel = {
  chatId: () => chatId,
  writtenChatId: () => writtenChatId,
  send({ id, messageId }) {
    const delivery = next.shift() ?? { kind: 'sent', messageId: messageId ?? 7, chatId };
    if (delivery.kind === 'sent') sent.push(id);
    if (messageId !== null) edited.push([id, messageId]);
    return Promise.resolve(delivery);
  },
};

function newSender(): NotificationSender {
  return createNotificationSender({
    outbox,
    channel,
    pacer: createPacer({ limits: { ...paceLimits, gapMs: 0 } }),
    refusals: {
      refused: (chatId, part, reason) => Promise.resolve(void noted.push(`${chatId} ${part}: ${reason}`)),
      accepted: (chatId, part) => Promise.resolve(void noted.push(`${chatId} ${part} accepted`)),
    },
    lease: {
      acquire: () => Promise.resolve(leased),
      held: () => leased,
      release: () => Promise.resolve(void (released += 1)),
    },
    log: createLogger({ app: 'test', level: 'silent' }),
    timings,
  });
}

describe('the mailman', () => {
  beforeEach(() => {
    [waiting, told, sent, next, noted, edited] = [[], [], [], [], [], []];
    chatId = '-1';
    writtenChatId = '-1';
    databaseAway = false;
    leased = true;
    released = 0;
  });

  it('delivers all that waits, in order, and says that nothing is left', async () => {
    write('a', 'b', 'c');
    expect(await newSender().deliver()).toBe(0);
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(told).toEqual(['a sent as 7', 'b sent as 7', 'c sent as 7']);
  });

  describe('changes a message by its number', () => {
    const numbered = (id: string, messageId: number) => {
      write(id);
      waiting = waiting.map((message) => (message.id === id ? { ...message, messageId } : message));
    };

    it('in the chat that the number is of', async () => {
      numbered('a', 3);
      await newSender().deliver();
      expect([edited, told]).toEqual([[['a', 3]], ['a sent as 3']]);
    });

    it('not while the database does not know that the chat has moved: it is sent anew there', async () => {
      numbered('a', 3);
      chatId = '-2';
      await newSender().deliver();
      expect([edited, told]).toEqual([[], ['a sent as 7']]);
    });

    it('not when the chat moves, and the database hears of it, after it was asked', async () => {
      write('first');
      numbered('a', 3);
      const { send } = channel;
      channel.send = (message) => {
        [chatId, writtenChatId] = ['-2', '-2'];
        return send(message);
      };
      await newSender()
        .deliver()
        .finally(() => (channel.send = send));
      expect([edited, sent]).toEqual([[], ['first', 'a']]);
    });

    it('and forgets one that was sent to the old chat, when its answer comes after the move', async () => {
      write('a');
      const { send } = channel;
      channel.send = async (message) => {
        const delivery = await send(message);
        [chatId, writtenChatId] = ['-2', '-2'];
        return delivery;
      };
      await newSender()
        .deliver()
        .finally(() => (channel.send = send));
      expect(told).toEqual(['a sent as null']);
      expect(noted).toEqual(['-1 text accepted']);
    });

    it('and forgets one of a chat that has moved before it could be written down', async () => {
      write('a');
      databaseAway = true;
      const sender = newSender();
      await expect(sender.deliver()).rejects.toThrow(UnavailableError);
      databaseAway = false;
      [chatId, writtenChatId] = ['-2', '-2'];
      await sender.deliver();
      expect(told).toEqual(['a sent as null']);
    });
  });

  it('stops at the first message that cannot go now, so that none overtakes another', async () => {
    write('a', 'b');
    next = [{ kind: 'away', reason: 'x' }];
    const sender = newSender();
    expect(await sender.deliver()).toBeGreaterThan(0);
    expect(sent).toEqual([]);
    expect(told).toEqual(['a away: x']);
  });

  it('sends nothing while it was told to wait', async () => {
    write('a');
    next = [{ kind: 'limited', reason: 'x', retryAfterMs: 60_000 }];
    const sender = newSender();
    expect(await sender.deliver()).toBeGreaterThan(59_000);
    expect(await sender.deliver()).toBeGreaterThan(59_000);
    expect(sent).toEqual([]);
  });

  it('does not send twice what the database has not heard of', async () => {
    write('a');
    databaseAway = true;
    const sender = newSender();
    await expect(sender.deliver()).rejects.toThrow('the database is unavailable');
    // Nor does another copy.
    expect(released).toBe(0);
    databaseAway = false;
    expect(await sender.deliver()).toBe(0);
    expect(released).toBe(1);
    expect(sent).toEqual(['a']);
    expect(told).toEqual(['a sent as 7']);
  });

  it('records at its end what the database has not heard of, and makes room for others', async () => {
    write('a');
    databaseAway = true;
    const sender = newSender();
    await expect(sender.deliver()).rejects.toThrow('the database is unavailable');
    databaseAway = false;
    await sender.stop();
    expect(told).toEqual(['a sent as 7']);
    expect(released).toBe(1);
  });

  it('puts a message into the log that never can be sent, and goes on', async () => {
    write('odd', 'next');
    next = [{ kind: 'bad_text', reason: 'x' }];
    expect(await newSender().deliver()).toBe(0);
    expect(told).toEqual(['odd logged', 'next sent as 7']);
  });

  it('keeps what is refused for a reason that is not known, and lets another one show whose it is', async () => {
    write('odd', 'next');
    next = [{ kind: 'unclear', reason: 'x' }];
    const sender = newSender();
    expect(await sender.deliver()).toBeGreaterThan(0);
    expect(told).toEqual(['odd refused: x', 'next sent as 7']);
    expect(noted).toEqual(['-1 text: x', '-1 text accepted']);
    expect(waiting.map(({ id }) => id)).toEqual(['odd']);
  });

  it('takes the same refusal of two messages for one of the chat, and asks for none of the others', async () => {
    write('a', 'b', 'c');
    next = [
      { kind: 'unclear', reason: 'x' },
      { kind: 'unclear', reason: 'x' },
    ];
    expect(await newSender().deliver()).toBeGreaterThan(0);
    expect(told).toEqual(['a refused: x', 'b refused: x']);
    expect(sent).toEqual([]);
  });

  it.each([
    { kind: 'refused', about: 'chat', reason: 'x' },
    { kind: 'moved', from: '-1', to: '-2', reason: 'x' },
  ] as const)('keeps everything while the chat refuses it ($kind)', async (failure) => {
    write('a', 'b');
    next = [failure];
    expect(await newSender().deliver()).toBeGreaterThan(0);
    expect(told).toEqual(['a refused: x']);
    expect(noted).toEqual(['-1 text: x']);
    expect(waiting).toHaveLength(2);
  });

  it('leaves everything to another copy that is delivering', async () => {
    write('a');
    leased = false;
    expect(await newSender().deliver()).toBeGreaterThan(0);
    expect(sent).toEqual([]);
  });

  it('goes through the messages once when asked twice at a time', async () => {
    write('a', 'b');
    const sender = newSender();
    await Promise.all([sender.deliver(), sender.deliver()]);
    expect(sent).toEqual(['a', 'b']);
  });
});
