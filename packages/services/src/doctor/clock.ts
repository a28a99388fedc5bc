import { durationOf } from './age.ts';
import type { DatabaseAnswer } from './facts.ts';
import { fail, off, ok, warn, type Check, type Finding } from './finding.ts';
import type { TelegramAnswer } from './telegram-api.ts';

const name = 'clock';
// Telegram says whole seconds, and a call takes its time.
const exactMs = 2_000;
const toleratedMs = 5_000;
// Signed requests are refused from here on.
const brokenMs = 60_000;
const remedy = 'Have this machine set its clock (timedatectl set-ntp true), and that of the database';

export interface ClockDeps {
  facts: () => Promise<DatabaseAnswer>;
  me: (() => Promise<TelegramAnswer>) | undefined;
  now?: () => number;
}

/** Whether this machine, the database and Telegram agree about the time: links, sessions and signatures end by it. */
export const clockCheck = ({ facts, me, now = Date.now }: ClockDeps): Check => ({
  name,
  async look() {
    const [database, telegram] = await Promise.all([databaseDrift(facts), me && telegramDrift(me, now)]);
    const known = [database, telegram].filter((one) => one !== undefined);
    if (known.length === 0)
      return off(name, 'nothing to compare it with: neither database nor Telegram answers');
    const worst = known.reduce((one, other) => (other.ms > one.ms ? other : one));
    return findingOf(worst, known.map(({ from }) => from).join(' and '));
  },
});

interface Drift {
  from: string;
  ms: number;
  early: boolean;
}

function findingOf({ from, ms, early }: Drift, all: string): Finding {
  const detail = `${durationOf(ms)} ${early ? 'behind' : 'ahead of'} that of ${from}`;
  if (ms > brokenMs) return fail(name, detail, remedy);
  if (ms > toleratedMs) return warn(name, detail, remedy);
  return ok(name, `agrees with ${all}`);
}

async function databaseDrift(facts: ClockDeps['facts']): Promise<Drift | undefined> {
  const answer = await facts().catch(() => undefined);
  if (answer === undefined) return undefined;
  return driftOf('the database', answer.askedAt - Date.parse(answer.facts.now), answer.spreadMs);
}

async function telegramDrift(
  me: () => Promise<TelegramAnswer>,
  now: () => number,
): Promise<Drift | undefined> {
  const before = now();
  const answer = await me();
  if (answer.is === 'unreachable' || answer.date === null) return undefined;
  const theirs = Date.parse(answer.date);
  if (Number.isNaN(theirs)) return undefined;
  const after = now();
  return driftOf('Telegram', (before + after) / 2 - theirs, exactMs + (after - before) / 2);
}

// What the length of the call explains is no drift.
const driftOf = (from: string, ms: number, spread: number): Drift => ({
  from,
  ms: Math.max(0, Math.abs(ms) - spread),
  early: ms < 0,
});
