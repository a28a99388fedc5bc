import type { SessionKind } from '@actp/services/sessions/kind';

// What a program of a user leaves lying about is soon worth nothing.
const hoursOfUserToken = 1;

/**
 * How long a session lasts: a user's token one hour, all else as long as is configured.
 *
 * @param configured SESSION_HOURS
 */
export const sessionHoursOf = (
  { role, kind }: { role: string; kind: SessionKind },
  configured: number,
): number => (role === 'operator' || kind === 'page' ? configured : Math.min(configured, hoursOfUserToken));
