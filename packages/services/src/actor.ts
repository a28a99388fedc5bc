import { AppError } from '@actp/shared/errors';

/** Who acts, as it was authenticated; never who somebody claims to be. */
export type Actor =
  /** `actions`: globs of what it may ask for; without them everything. */
  | { kind: 'agent'; id: string; actions?: readonly string[] | undefined }
  /** A person, by the session that they act in, where there is one. */
  | { kind: 'user'; id: string; email: string; session?: string }
  | { kind: 'operator'; id: string; email: string; session?: string }
  /** A numeric Telegram user id. */
  | { kind: 'telegram'; id: string }
  /** A part of the plane itself, for instance `plane`. */
  | { kind: 'system'; id: string };

/** The actor's name in the audit log and in `decided_by`: agents and parts of the plane by their id, people with their kind. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'agent' || actor.kind === 'system') return actor.id;
  return actor.kind === 'telegram' ? `telegram:${actor.id}` : `${actor.kind}:${actor.email}`;
}

/** @throws AppError `forbidden` unless the actor is of one of these kinds */
export function assertActor<K extends Actor['kind']>(
  actor: Actor,
  kinds: readonly K[],
): asserts actor is Extract<Actor, { kind: K }> {
  if (kinds.some((kind) => kind === actor.kind)) return;
  throw new AppError('forbidden', `only ${kinds.join(' or ')} may do this`);
}

/** What somebody hears whom the database refuses, though the credential was valid when the request came. */
export const noLongerActs =
  'the session has ended, or the account was disabled or is no operator any more; log in again';
