import { span } from '@actp/shared/telemetry/tracer';
import { readText } from './read-text.ts';

export interface ApiCall {
  method: 'GET' | 'POST';
  url: URL;
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** For all of it, until the last byte of the answer. */
  timeoutMs: number;
  /** What is read of the answer at most, as it is after decompression. */
  maxBytes: number;
}

/** What became of a call to an API that answers with JSON. */
export type CallResult =
  /** A whole answer of the type that was expected; whether its text is JSON is not looked at. */
  | { kind: 'answer'; status: number; headers: Headers; text: string }
  /** An answer came, but not one of this API: HTML, cut off, too large, a redirect. */
  | { kind: 'unreadable'; status: number; headers: Headers; reason: string }
  /** The request was sent, wholly or in part, and no answer came. */
  | { kind: 'lost'; reason: string }
  /** Surely nothing was sent. */
  | { kind: 'not_sent'; reason: string };

type Headers = Pick<Response['headers'], 'get'>;

/**
 * Calls an API once: with limits of time and size, without following redirects. Never throws for what a service or a network may do.
 */
export function callApi(call: ApiCall): Promise<CallResult> {
  // The address without path and query, which hold what somebody asked for.
  const attributes = { 'http.request.method': call.method, 'server.address': call.url.host };
  return span(`${call.method} ${call.url.host}`, { kind: 'client', attributes }, async ({ set, fail }) => {
    const result = await callOnce(call);
    if ('status' in result) set({ 'http.response.status_code': result.status });
    if (result.kind !== 'answer') fail(result.kind);
    return result;
  });
}

async function callOnce(call: ApiCall): Promise<CallResult> {
  if (call.signal.aborted) return { kind: 'not_sent', reason: 'it was stopped before it began' };
  const timeout = AbortSignal.timeout(call.timeoutMs);
  const signal = AbortSignal.any([call.signal, timeout]);
  const { method, url, body } = call;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { accept: 'application/json', 'user-agent': 'actp-worker', ...call.headers },
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    if (timeout.aborted) return { kind: 'lost', reason: 'it did not answer in time' };
    if (call.signal.aborted) return { kind: 'lost', reason: 'it was stopped before the answer came' };
    return isBeforeSending(error)
      ? { kind: 'not_sent', reason: 'it cannot be reached' }
      : { kind: 'lost', reason: 'the connection was cut before the answer came' };
  }
  const { status, headers } = response;
  const read = await readAnswer(response, call.maxBytes);
  if (typeof read === 'string') return { kind: 'answer', status, headers, text: read };
  return { kind: 'unreadable', status, headers, reason: read.reason };
}

async function readAnswer(response: Response, maxBytes: number): Promise<string | { reason: string }> {
  const reason = unexpected(response);
  if (reason !== undefined) {
    await response.body?.cancel().catch(() => undefined);
    return { reason };
  }
  try {
    return (await readText(response.body, maxBytes)) ?? { reason: 'the answer is too large' };
  } catch {
    return { reason: 'the answer was cut off' };
  }
}

function unexpected({ status, headers }: Response): string | undefined {
  if (status >= 300 && status < 400) return 'the answer is a redirect';
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return undefined;
  return 'the answer is not JSON';
}

const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function isBeforeSending(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  // Several addresses were tried, and none could be connected to.
  if (cause instanceof AggregateError) return true;
  return cause instanceof Error && 'code' in cause && beforeSending.has(String(cause.code));
}
