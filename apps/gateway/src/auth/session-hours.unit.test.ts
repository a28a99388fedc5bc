import { expect, it } from 'vitest';
import { sessionHoursOf } from './session-hours.ts';

it.each([
  ['operator', 'api', 12, 12],
  ['operator', 'page', 12, 12],
  ['user', 'page', 12, 12],
  ['user', 'api', 12, 1],
  ['user', 'api', 0.5, 0.5],
] as const)(
  '[TRU-003] a session of an %s, for an %s, of %d hours lasts %d',
  (role, kind, configured, hours) => {
    expect(sessionHoursOf({ role, kind }, configured)).toBe(hours);
  },
);
