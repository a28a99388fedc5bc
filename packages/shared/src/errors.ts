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
  override readonly name = 'UnavailableError';
  readonly part: string;

  constructor(part: string, options: AppErrorOptions = {}) {
    super('unavailable', `${part} is unavailable`, { retryAfter: 2, ...options });
    this.part = part;
  }
}

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
