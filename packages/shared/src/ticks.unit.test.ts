import { describe, expect, it } from 'vitest';
import { cronTable } from './cron-table.ts';
import { lastTick, nextTick, repeatStrategy } from './ticks.ts';

const hour = 3_600_000;
const day = 24 * hour;
const zones = Intl.supportedValuesOf('timeZone');

/** Days of one year on which a zone's clock changes, and what tells its rules from those of other zones. */
function changesOf(tz: string): { tz: string; changes: number[]; rules: string } {
  const format = new Intl.DateTimeFormat('en', { timeZone: tz, timeZoneName: 'longOffset', hour: 'numeric' });
  const offset = (at: number) => format.format(at).replace(/^.*GMT/, '');
  const days = Array.from({ length: 366 }, (_, n) => Date.parse('2027-01-01T00:00Z') + n * day);
  const changes = days.filter((at) => offset(at) !== offset(at + day));
  return { tz, changes, rules: changes.map((at) => `${at} ${offset(at)}`).join() };
}
const localDay = (tz: string) => {
  const format = new Intl.DateTimeFormat('sv', { timeZone: tz, dateStyle: 'short' });
  return (at: number) => format.format(at);
};

describe('the ticks of the cron table', () => {
  it('come once a day or week in every time zone, also when its clock changes', () => {
    const changing = zones.map(changesOf).filter(({ changes }) => changes.length > 0);
    expect(changing.length).toBeGreaterThan(100);
    // Most zones share their rules with others.
    const one = new Map(changing.map((zone) => [zone.rules, zone]));
    expect([...one.values()].map(({ tz }) => tz)).toContain('Australia/Lord_Howe');
    for (const { tz, changes } of one.values()) {
      const dayOf = localDay(tz);
      for (const { pattern } of cronTable) {
        const everyMs = pattern.endsWith('*') ? day : 7 * day;
        for (const change of changes) {
          let at = nextTick(pattern, tz, change - everyMs - day);
          while (at < change + day) {
            const tick = nextTick(pattern, tz, at);
            const where = `${pattern} in ${tz} at ${new Date(tick).toISOString()}`;
            // No clock changes by more than two hours (Troll).
            expect(Math.abs(tick - at - everyMs), where).toBeLessThanOrEqual(2 * hour);
            expect(dayOf(tick), where).not.toBe(dayOf(at));
            expect(lastTick(pattern, tz, tick).getTime(), where).toBe(tick);
            expect(lastTick(pattern, tz, tick - 1).getTime(), where).toBe(at);
            at = tick;
          }
        }
      }
    }
  });

  it.each([
    // Half an hour forward at 02:00 on 2026-10-04: 02:00 does not exist, the clock goes on at 02:30.
    ['0 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00:00+10:30', '2026-10-03T15:30:00.000Z'],
    // Half an hour back at 02:00 on 2027-04-04: 01:30 to 02:00 are there twice, 02:00 once.
    ['0 2 * * *', 'Australia/Lord_Howe', '2027-04-03T12:00:00+11:00', '2027-04-03T15:30:00.000Z'],
    // 02:45 to 03:45 are left out.
    ['30 3 * * *', 'Pacific/Chatham', '2026-09-26T12:00:00+12:45', '2026-09-26T14:00:00.000Z'],
    // The clock changes in the evening before.
    ['0 2 * * *', 'America/Nuuk', '2027-03-27T12:00:00-02:00', '2027-03-28T03:00:00.000Z'],
    // 01:00 to 03:00 are there twice.
    ['0 2 * * *', 'Antarctica/Troll', '2026-10-24T12:00:00+02:00', '2026-10-25T00:00:00.000Z'],
    ['0 2 * * *', 'Antarctica/Troll', '2026-10-25T02:00:00+02:00', '2026-10-26T02:00:00.000Z'],
    ['0 2 * * *', '+05:45', '2027-03-27T12:00:00+05:45', '2027-03-27T20:15:00.000Z'],
  ])('of %s in %s after %s is %s', (pattern, tz, after, tick) => {
    expect(new Date(nextTick(pattern, tz, Date.parse(after))).toISOString()).toBe(tick);
  });

  it('are those that BullMQ makes jobs for, from a start date on where there is one', () => {
    const at = Date.parse('2027-04-03T00:00Z');
    const [pattern, tz] = ['0 2 * * *', 'Australia/Lord_Howe'];
    expect(repeatStrategy(at, { pattern, tz })).toBe(nextTick(pattern, tz, at));
    expect(repeatStrategy(at, { pattern, tz, startDate: at + day })).toBe(nextTick(pattern, tz, at + day));
    expect(repeatStrategy(at, { pattern, tz, startDate: at - day })).toBe(nextTick(pattern, tz, at));
  });
});
