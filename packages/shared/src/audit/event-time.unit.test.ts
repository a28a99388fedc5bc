import { expect, it } from 'vitest';
import { EventTime } from './event-time.ts';

it.each(['2026-11-22T08:00:00Z', '2026-11-22T08:00:00.123456+05:30', '0001-01-01T00:00:00Z'])(
  'takes %s',
  (text) => expect(EventTime.safeParse(text).success).toBe(true),
);

// The database would refuse them when the caller has long been told that the event is kept.
it.each([
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+05:00',
  '2026-11-22T08:00:00+16:00',
  '2026-11-22T08:00:00-23:59',
  '9999-12-31T23:59:59-05:00',
  '2026-02-30T00:00:00Z',
  '2026-11-22T08:00:00',
])('refuses %s', (text) => expect(EventTime.safeParse(text).success).toBe(false));
