import { expect, it } from 'vitest';
import { between, durationText, shortTime, timeText } from './when.ts';

it.each<[number, string]>([
  [-5_000, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [61_000, '1 min 1 s'],
  [599_000, '9 min 59 s'],
  [600_000, '10 min'],
  [659_000, '10 min'],
  [3_600_000, '1 h'],
  [3_660_000, '1 h 1 min'],
  [3_605_000, '1 h 5 s'],
  [14_399_000, '3 h 59 min'],
  [90_061_000, '1 d 1 h'],
  [86_405_000, '1 d 5 s'],
  [87_060_000, '1 d 11 min'],
  [12_000, '12 s'],
])('%i ms are %s, never more than there is', (ms, text) => expect(durationText(ms)).toBe(text));

it("shows the operator's time over a change of daylight saving", () => {
  expect(timeText('2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe(
    '2026-10-25 02:30 Europe/Berlin (2026-10-25 00:30 UTC)',
  );
  expect(timeText('2026-10-25T01:30:00Z', 'Europe/Berlin')).toBe(
    '2026-10-25 02:30 Europe/Berlin (2026-10-25 01:30 UTC)',
  );
  expect(timeText('2026-10-25T01:30:00Z', 'UTC')).toBe('2026-10-25 01:30 UTC');
});

it('shows the operator’s time alone where there is no room', () => {
  expect(shortTime('2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe('2026-10-25 02:30 Europe/Berlin');
});

it('says how long it is from one time to another', () => {
  expect(between('2026-10-25T00:30:00Z', '2026-10-25T01:31:00+00:00')).toBe('1 h 1 min');
  expect(between('2026-10-25T01:30:00Z', '2026-10-25T00:30:00Z')).toBe('0 s');
});
