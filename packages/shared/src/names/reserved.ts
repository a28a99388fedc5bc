import { looksLike } from './look-alike.ts';

/**
 * What the plane calls people and itself: `operator:<email>`, `telegram:<user id>`, `user:<email>`, and `login:<address>` for
 * who tries to log in.
 */
const prefixes = ['operator', 'telegram', 'user', 'login', 'plane', 'system'];

/** The plane's own parts, as they stand in the audit log. `worker` is not among them: so the holder of WORKER_SECRET is called. */
export const planeParts = [
  'plane',
  'actp',
  'actp-worker',
  'gateway',
  'scheduler',
  'selftest-runner',
  'self-heal',
  'approval-bot',
  'auditor',
  'executor',
  'inspector',
  'supervisor',
  'cli',
  'operator',
  'system',
  'anonymous',
] as const;

/** The first words of the action types that the plane itself writes; `actp_audit.is_plane_action` has the same. */
export const planeActionFamilies = [
  'agent_key',
  'approval',
  'audit',
  'auth',
  'dashboard',
  'finding',
  'guard',
  'heal',
  'http',
  'job',
  'kill_switch',
  'operator',
  'plane',
  'policy',
  'schedule',
  'security',
  'selftest',
  'session',
  'spend',
  'tasks',
  'telegram',
] as const;

// On top of those that look like letters (0, 1): those that are read as letters.
const letterOf: Record<string, string> = { 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', $: 's', '@': 'a' };

// Longer than anything that is compared, even when every letter is written with several.
const comparedLetters = 512;

const reservedPrefixes = new Set(prefixes.map(nameForm));
const reservedNames = new Set(planeParts.map(nameForm));
const families = new Set(planeActionFamilies.map(nameForm));

/** Why a caller may not use such a name. */
export const reservedNameRule =
  'must not be a name of the plane, of its parts, or of a person (operator:, telegram:, user:)';

/** Why a caller may not use an action type. */
export const planeActionRule = 'must not be one of the action types that the plane itself writes';

/** Whether a name is, or looks like, one by which the plane calls itself, its parts or people. */
export function isReservedName(name: string): boolean {
  const seen = looksLike(name.slice(0, comparedLetters));
  const colon = seen.indexOf(':');
  return (
    (colon > 0 && reservedPrefixes.has(nameForm(seen.slice(0, colon)))) || reservedNames.has(nameForm(name))
  );
}

/** Whether an action type is, or looks like, one that the plane itself writes. */
export function isPlaneAction(actionType: string): boolean {
  const seen = looksLike(actionType.slice(0, comparedLetters)).replace(/^[^\p{L}\p{N}]+/u, '');
  const dot = seen.indexOf('.');
  return dot > 0 && families.has(nameForm(seen.slice(0, dot)));
}

// Between words everybody writes what they like: a space, a hyphen, a dot, nothing; and digits for letters.
function nameForm(name: string): string {
  return looksLike(name.slice(0, comparedLetters))
    .replaceAll(/[^\p{L}\p{N}$@]+/gu, '')
    .replaceAll(/[34578$@]/g, (sign) => letterOf[sign] ?? sign);
}
