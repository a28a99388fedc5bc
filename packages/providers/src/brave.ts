import { setTimeout as wait } from 'node:timers/promises';
import { errorOf, keyMissing } from './brave/errors.ts';
import { queryOf } from './brave/query.ts';
import { resultsOf, type SearchResult } from './brave/results.ts';
import { apiUrl } from './http/api-url.ts';
import { callApi } from './http/call.ts';
import { ProviderError } from './provider-error.ts';

export interface BraveOptions {
  baseUrl: string;
  /** Without one every search says that it is missing. */
  apiKey?: string | undefined;
  timeoutMs?: number;
}

export interface WebSearch {
  /**
   * Searches the web. The answer is untrusted text.
   *
   * @param query any text; cut to what the service takes
   * @param count how many hits at most, 1 to 20
   * @throws ProviderError, or the signal's reason when the caller ends it
   */
  search(query: string, count: number, signal: AbortSignal): Promise<{ results: SearchResult[] }>;
}

// What twenty hits with all their fields take is a tenth of it.
const maxBytes = 1_048_576;
// The smallest plan allows one search a second: two at the same time are no reason to fail.
const longestWaitMs = 2_000;
const usualWaitMs = 1_000;

/** Brave Search. */
export function createBrave({ baseUrl, apiKey, timeoutMs = 8_000 }: BraveOptions): WebSearch {
  async function searchOnce(q: string, count: number, signal: AbortSignal) {
    if (apiKey === undefined) throw keyMissing();
    const result = await callApi({
      method: 'GET',
      url: apiUrl(baseUrl, '/res/v1/web/search', { q, count: String(count), result_filter: 'web' }),
      headers: { 'x-subscription-token': apiKey },
      signal,
      timeoutMs,
      maxBytes,
    });
    signal.throwIfAborted();
    switch (result.kind) {
      case 'not_sent':
      case 'lost':
        throw new ProviderError('unavailable', `Brave Search gave no answer: ${result.reason}.`);
      case 'unreadable':
        if (result.status >= 400) throw errorOf(result.status, undefined, result.headers);
        throw new ProviderError('unreadable', `Brave Search cannot be understood: ${result.reason}.`);
      case 'answer': {
        const body = parsed(result.text);
        const results = result.status === 200 ? resultsOf(body, count) : undefined;
        if (results !== undefined) return { results };
        if (result.status !== 200 || isErrorBody(body)) throw errorOf(result.status, body, result.headers);
        throw new ProviderError('unreadable', 'Brave Search cannot be understood: the answer is no result.');
      }
    }
  }

  return {
    async search(query, count, signal) {
      if (apiKey === undefined) throw keyMissing();
      const q = queryOf(query);
      if (q === '') throw new ProviderError('refused', 'There is nothing to search for.');
      const most = Math.min(Math.max(Math.trunc(count), 1), 20);
      try {
        return await searchOnce(q, most, signal);
      } catch (error) {
        const waitMs = waitBeforeRetry(error);
        if (waitMs === undefined) throw error;
        await wait(waitMs, undefined, { signal });
        return await searchOnce(q, most, signal);
      }
    },
  };
}

/** How long to wait before the same search is tried once more; undefined when that is in vain or takes too long. */
function waitBeforeRetry(error: unknown): number | undefined {
  if (!(error instanceof ProviderError) || error.kind !== 'limited') return undefined;
  const waitMs = error.retryAfterMs ?? usualWaitMs;
  return waitMs <= longestWaitMs ? waitMs : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isErrorBody = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'type' in body && body.type === 'ErrorResponse';
