import { Api, HttpError, type ApiClientOptions, type Transformer } from 'grammy';
import { UnavailableError } from '@actp/shared/errors';
import { span } from '@actp/shared/telemetry/tracer';

export interface TelegramTarget {
  token: string;
  /** Without a slash at its end. */
  apiRoot: string;
}

/** How long a call may take before it counts as unanswered, in seconds. */
export function clientOptions(target: TelegramTarget, timeoutSeconds: number): ApiClientOptions {
  return { apiRoot: target.apiRoot, timeoutSeconds };
}

/**
 * Replaces network errors by ours. The token is a part of every address, and node-fetch puts the address into its
 * messages: nothing of the original error goes on but its code.
 */
export const hideAddress: Transformer = async (previous, method, payload, signal) => {
  try {
    return await previous(method, payload, signal);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    throw new UnavailableError('Telegram', { cause: new Error(reasonOf(error.error)) });
  }
};

/**
 * Treats an edit as done when the message says that already. The Bot API tells it by its text alone; were that to change, the
 * state would be sent as a new message.
 */
export const acceptNotModified: Transformer = async (previous, method, payload, signal) => {
  const response = await previous(method, payload, signal);
  if (response.ok || response.error_code !== 400) return response;
  if (!response.description.includes('message is not modified')) return response;
  // As Telegram answers an edit whose message it does not return.
  return { ok: true, result: true as never };
};

/** Each call as a span of what it is a part of: its method, and what came of it. */
export const traceCall: Transformer = (previous, method, payload, signal) => {
  const attributes = { 'rpc.system': 'telegram', 'rpc.method': method };
  return span(`telegram ${method}`, { kind: 'client', attributes }, async ({ fail }) => {
    const response = await previous(method, payload, signal);
    if (!response.ok) fail(`Telegram ${response.error_code}`);
    return response;
  });
};

/** A client for messages of our own, outside of updates. */
export function createApi(target: TelegramTarget, timeoutSeconds: number): Api {
  const api = new Api(target.token, clientOptions(target, timeoutSeconds));
  api.config.use(hideAddress, acceptNotModified, traceCall);
  return api;
}

// `code` is the system's (ECONNREFUSED), `type` node-fetch's own (invalid-json); a time-out of grammY has neither.
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'network error';
  for (const key of ['code', 'type'] as const) {
    const value: unknown = key in error ? Reflect.get(error, key) : undefined;
    if (typeof value === 'string' && /^[\w-]{1,40}$/.test(value)) return value;
  }
  return 'no answer in time';
}

/** Ends every call but a long poll after so many seconds: a reply that hangs must not hold up what comes after it. */
export function withCallTimeout(seconds: number): Transformer {
  return (previous, method, payload, signal) => {
    if (method === 'getUpdates') return previous(method, payload, signal);
    const late = AbortSignal.timeout(seconds * 1_000);
    // The signal is one of Node's, handed in through grammySignal.
    const either = signal ? AbortSignal.any([signal as unknown as AbortSignal, late]) : late;
    return previous(method, payload, grammySignal(either));
  };
}

/** What grammY's methods take to be aborted. */
export type GrammySignal = NonNullable<Parameters<Api['getMe']>[0]>;

/** grammY names the type of a polyfill; it only reads `aborted` and listens, which Node's own signal offers alike. */
export function grammySignal(signal: AbortSignal): GrammySignal {
  return signal as unknown as GrammySignal;
}
