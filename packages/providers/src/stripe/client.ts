import { Stripe } from 'stripe';
import { callApi, type CallResult } from '../http/call.ts';

export interface StripeSettings {
  secretKey: string;
  baseUrl: string;
  timeoutMs: number;
}

/** Above what one answer about a hundred payments has. */
const maxBytes = 2 * 1024 * 1024;

/**
 * Stripe's library for one call, over this package's own transport: that has limits of time and size, follows no redirect, and `result()` says
 * what became of the request, which the library's errors do not tell apart. The library repeats nothing.
 */
export function stripeClient({ secretKey, baseUrl, timeoutMs }: StripeSettings, signal: AbortSignal) {
  let result: CallResult | undefined;
  const transport = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    result = await callApi({
      method: init.method === 'POST' ? 'POST' : 'GET',
      url: new URL(String(input)),
      headers: Object.fromEntries(new Headers(init.headers)),
      signal,
      timeoutMs,
      maxBytes,
      ...(typeof init.body === 'string' && init.body !== '' ? { body: init.body } : {}),
    });
    if (result.kind !== 'answer') throw new Error(result.reason);
    return new Response(result.text, { status: result.status });
  };
  const { protocol, hostname, port } = new URL(baseUrl);
  const stripe = new Stripe(secretKey, {
    host: hostname,
    protocol: protocol === 'http:' ? 'http' : 'https',
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    httpClient: Stripe.createFetchHttpClient(transport),
    maxNetworkRetries: 0,
    // The transport's own limit comes first.
    timeout: timeoutMs + 10_000,
    telemetry: false,
  });
  return { stripe, result: () => result };
}
