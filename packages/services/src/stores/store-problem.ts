/** Why an external store cannot be used: names the setting, never its value. */
export interface StoreProblem {
  problem: string;
  remedy: string;
}

/** How a store that is not ready yet is waited for. */
export interface WaitOptions {
  /** Called when that takes long. */
  say: (text: string) => void;
  /** Ends it. */
  signal: AbortSignal;
}

/** The result of checking a store: empty when it can be used. */
export interface StoreCheck {
  problem?: StoreProblem;
  /** What may be lost with it. */
  warning?: string;
}

/** The code of a failed connection, for instance ` (ECONNREFUSED)`; empty when there is none. */
export function errorCodeSuffix(error: unknown): string {
  const code = codeOf(error);
  return code === undefined ? '' : ` (${code})`;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // fetch and Redis Cluster wrap what happened on the connection.
  return codeOf(error.cause) ?? ('lastNodeError' in error ? codeOf(error.lastNodeError) : undefined);
}
