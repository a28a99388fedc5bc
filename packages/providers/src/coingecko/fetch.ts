import { apiUrl } from '../http/api-url.ts';
import { callApi, type CallResult } from '../http/call.ts';
import { parseJson } from '../http/parse-json.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';
import { z } from 'zod';

export interface CoinGeckoCall {
  baseUrl: string;
  apiKey: string | undefined;
  timeoutMs: number;
  path: string;
  query: Record<string, string>;
  signal: AbortSignal;
}

/** @returns the text of an answer that is not an error, also none within a 200 */
export async function fetchCoinGecko(call: CoinGeckoCall): Promise<string> {
  const { baseUrl, apiKey, timeoutMs, path, query, signal } = call;
  const url = apiUrl(baseUrl, path, query);
  const result = await callApi({
    method: 'GET',
    url,
    headers: apiKey === undefined ? {} : { [keyHeader(url)]: apiKey },
    signal,
    timeoutMs,
    maxBytes: 1024 * 1024,
  });
  signal.throwIfAborted();
  return textOf(result);
}

/** The paid plan has a host and a header of its own; a key in the wrong one is refused. */
export const keyHeader = ({ hostname }: URL): string =>
  hostname === 'pro-api.coingecko.com' ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key';

function textOf(result: CallResult): string {
  if (result.kind === 'unreadable') throw failure('unreadable', result.reason);
  if (result.kind !== 'answer') throw failure('unavailable', result.reason);
  // The free plan has been seen to answer 200 with an error in the body.
  const code = Status.safeParse(parseJson(result.text)).data?.status.error_code;
  if (result.status === 200 && code === undefined) return result.text;
  const kind = kindOf(code ?? result.status, result.status);
  throw failure(kind, `it answered ${code ?? result.status}`, retryAfterMs(result.headers));
}

const Status = z.object({ status: z.object({ error_code: z.int() }) });
/** A key that is missing, of another plan or of another host. */
const keyCodes = new Set([401, 403, 10_002, 10_005, 10_010, 10_011]);

function kindOf(code: number, status: number): ProviderErrorKind {
  if (keyCodes.has(code)) return 'not_configured';
  if (code === 429 || status === 429) return 'limited';
  return status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unavailable';
}

const advice: Record<ProviderErrorKind, string> = {
  not_configured: 'Check COINGECKO_API_KEY.',
  refused: 'The request was refused.',
  limited: 'Too many requests; try again later.',
  unavailable: 'Try again later.',
  unreadable: 'Try again later.',
};

const failure = (kind: ProviderErrorKind, reason: string, wait?: number) =>
  new ProviderError(
    kind,
    `CoinGecko gave no usable answer: ${reason}. ${advice[kind]}`,
    wait === undefined ? {} : { retryAfterMs: wait },
  );
