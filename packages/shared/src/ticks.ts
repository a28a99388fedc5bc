import { Cron } from 'croner';

/*
 * When a schedule is due, in one place: BullMQ's own calculation gives up near the clock changes of zones whose clocks move by
 * half an hour or at midnight (Lord Howe, Chatham, Nuuk), and runs twice in others. A time that the clock leaves out comes as
 * soon as it goes on, one that it shows twice comes the first time.
 */

/** The first moment after another at which a pattern is due. */
export function nextTick(pattern: string, tz: string, after: number): number {
  const next = new Cron(pattern, { timezone: tz }).nextRun(new Date(after));
  if (next === null) throw new Error(`the pattern ${pattern} is never due`);
  return next.getTime();
}

const minute = 60_000;

/** The last moment, up to and including the given one, at which a pattern was due. */
export function lastTick(pattern: string, tz: string, until: number): Date {
  // Forward, as jobs are made: walking back gives other moments on the days when clocks change.
  let tick: number | undefined;
  for (let backMs = 2 * minute; tick === undefined; backMs *= 4) {
    const first = nextTick(pattern, tz, until - backMs);
    if (first <= until) tick = first;
  }
  for (let next = nextTick(pattern, tz, tick); next <= until; next = nextTick(pattern, tz, next)) tick = next;
  return new Date(tick);
}

/** The same for BullMQ: the setting of its queues and workers. */
export function repeatStrategy(
  millis: number,
  {
    pattern = '',
    tz = 'UTC',
    startDate,
  }: { pattern?: string; tz?: string; startDate?: Date | string | number },
): number {
  const start = startDate === undefined ? millis : new Date(startDate).getTime();
  return nextTick(pattern, tz, Math.max(millis, start));
}
