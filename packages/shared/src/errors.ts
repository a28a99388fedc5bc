/**
 * What can go wrong, in the words that every edge understands. An edge (HTTP, queue, bot) maps the code once;
 * nobody matches on message text.
 */
export type ErrorCode =
  | 'config_invalid'
  | 'validation_failed'
  | 'unauthenticated'
  | 'forbidden'
  | 'agent_key_required'
  | 'action_not_allowed'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'kill_switch'
  | 'limit_reached'
  | 'policy_denied'
  | 'gone'
  | 'digest_mismatch'
  | 'too_large'
  | 'idempotency_mismatch'
  | 'rate_limited'
  | 'unavailable'
  | 'plane_held'
  | 'timeout'
  | 'internal';

export interface FieldProblem {
  /** Dotted path of the offending value, for instance `data.trigger` or `headers.idempotency-key`. */
  field: string;
  message: string;
}

export interface AppErrorOptions extends ErrorOptions {
  fields?: readonly FieldProblem[];
  /** Seconds after which a retry makes sense. */
  retryAfter?: number;
  /** Further facts for the caller, by name: what a program reads besides the code. */
  members?: Readonly<Record<string, unknown>>;
}

/** Base of every failure that we raise ourselves. `message` is safe to show: it never holds a value from outside. */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly fields: readonly FieldProblem[];
  readonly retryAfter: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfter = options.retryAfter;
    this.members = options.members ?? {};
  }
}

/** A part we depend on is unavailable: the caller may try again, and nothing was allowed meanwhile. */
export class UnavailableError extends AppError {
  override readonly name: string = 'UnavailableError';
  readonly part: string;

  constructor(
    part: string,
    { code = 'unavailable', message = `${part} is unavailable`, ...options }: UnavailableOptions = {},
  ) {
    super(code, message, { retryAfter: 2, ...options });
    this.part = part;
  }
}

interface UnavailableOptions extends AppErrorOptions {
  code?: 'unavailable' | 'plane_held';
  message?: string;
}

const heldRetrySeconds = 30;

/** Nothing is released or decided, because the database may be an older copy. Whoever waits for a part that is away waits for this too. */
export class PlaneHeldError extends UnavailableError {
  override readonly name = 'PlaneHeldError';

  /**
   * @param reason why, as the database says it
   * @param passing it is being compared at this moment, so that a retry makes sense soon
   */
  constructor(reason: string, { passing, ...options }: AppErrorOptions & { passing: boolean }) {
    const remedy = passing ? 'try again in a moment' : `to accept this copy: ${acceptCommand}`;
    super('the plane', {
      code: 'plane_held',
      message: `nothing is released or decided: ${reason}; ${remedy}`,
      retryAfter: passing ? 1 : heldRetrySeconds,
      ...options,
    });
  }
}

/** By which an operator takes a restored database for the plane. */
export const acceptCommand = 'npm run restore -- --accept';

/** Settings that cannot be used. The message names every bad key and never a value. */
export class ConfigError extends AppError {
  override readonly name = 'ConfigError';
  readonly keys: readonly string[];
  readonly problems: ReadonlyArray<{ key: string; rule: string }>;

  constructor(problems: ReadonlyArray<{ key: string; rule: string }>, options: ErrorOptions = {}) {
    const lines = problems.map(({ key, rule }) => `  ${key}: ${rule}`);
    super('config_invalid', `These settings cannot be used:\n${lines.join('\n')}`, options);
    this.keys = problems.map(({ key }) => key);
    this.problems = problems;
  }
}

/** The message of anything that was thrown, for logs and results; redaction is up to the edge. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
