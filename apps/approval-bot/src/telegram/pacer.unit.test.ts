import { beforeEach, describe, expect, it } from 'vitest';
import { createPacer, paceLimits, type Pacer, type Urgency } from './pacer.ts';

let now = 0;
let pacer: Pacer;

/** Sends as many as may go within the time, each call taking `callMs`; gives when each began. */
async function sendFor(ms: number, chatId: string, urgency: Urgency, callMs = 0): Promise<number[]> {
  const until = now + ms;
  const began: number[] = [];
  while (now < until) {
    const turn = await pacer.turn(chatId, urgency, { patienceMs: until - now });
    if (!turn.ok) break;
    began.push(now);
    now += callMs;
    turn.done();
  }
  return began;
}

describe('the pace of messages', () => {
  beforeEach(() => {
    now = 5_000;
    pacer = createPacer({
      limits: paceLimits,
      now: () => now,
      sleep: (ms) => {
        now += ms;
        return Promise.resolve();
      },
    });
  });

  it('is one message a second in a chat, counted from the answer to the one before', async () => {
    expect(await sendFor(3_000, '42', 'urgent', 300)).toEqual([5_000, 6_300, 7_600]);
  });

  it.each([
    ['reply', 20],
    ['urgent', 18],
    ['later', 14],
  ] as const)('leaves room for what is more urgent in a minute of a group: %s', async (urgency, count) => {
    expect(await sendFor(59_000, '-1', urgency)).toHaveLength(count);
    const turn = await pacer.turn('-1', 'reply', { patienceMs: 1_000 });
    expect(turn.ok).toBe(count < 20);
  });

  it('never is above 20 in any minute of a group, however long the calls take', async () => {
    const began = await sendFor(600_000, '-1', 'reply', 250);
    for (const [n, at] of began.entries()) {
      const within = began.slice(n).filter((other) => other - at < 60_000);
      expect(within.length).toBeLessThanOrEqual(20);
    }
    expect(began.length).toBeGreaterThan(170);
  });

  it('has no limit of a minute in a private chat', async () => {
    expect(await sendFor(59_500, '42', 'later')).toHaveLength(60);
  });

  it('is 30 a second over all chats', async () => {
    let sent = 0;
    for (let chat = 1; chat <= 40; chat += 1) {
      const turn = await pacer.turn(String(chat), 'urgent', { patienceMs: 0 });
      if (turn.ok) turn.done();
      sent += turn.ok ? 1 : 0;
    }
    expect(sent).toBe(30);
  });

  it('of one chat keeps none from another', async () => {
    await sendFor(59_000, '-1', 'reply');
    const turn = await pacer.turn('-2', 'later', { patienceMs: 0 });
    expect(turn.ok).toBe(true);
  });

  it('waits as long as Telegram asked for, in that chat', async () => {
    const turn = await pacer.turn('-1', 'urgent', { patienceMs: 0 });
    if (turn.ok) turn.done(30_000);
    expect(await pacer.turn('-1', 'reply', { patienceMs: 5_000 })).toEqual({ ok: false, retryMs: 30_000 });
    expect((await pacer.turn('-2', 'reply', { patienceMs: 0 })).ok).toBe(true);
  });

  it('lets no two calls to a chat run side by side, and none for ever hold up the next', async () => {
    expect((await pacer.turn('-1', 'urgent', { patienceMs: 0 })).ok).toBe(true);
    expect((await pacer.turn('-1', 'urgent', { patienceMs: 1_000 })).ok).toBe(false);
    expect((await pacer.turn('-1', 'urgent', { patienceMs: 10_000 })).ok).toBe(true);
  });

  it('ends when it is stopped', async () => {
    const turn = await pacer.turn('-1', 'urgent', { patienceMs: 9_000, signal: AbortSignal.abort() });
    expect(turn.ok).toBe(false);
  });
});
