import { expect, it } from 'vitest';
import { durationText, timeText } from './when.ts';

it.each<[number, string]>([
  [-5_000, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [61_000, '1 min 1 s'],
  [600_000, '10 min'],
  [659_000, '10 min'],
  [3_600_000, '1 h'],
  [14_399_000, '3 h 59 min'],
  [90_061_000, '1 d 1 h'],
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
