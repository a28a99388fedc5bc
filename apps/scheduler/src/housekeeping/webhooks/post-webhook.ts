const usualTimeoutMs = 5_000;

/** What became of one attempt. `never`: no further attempt can succeed. */
export type PostResult = { kind: 'delivered' } | { kind: 'failed' | 'never'; reason: string };

/** Posts JSON once: no redirect is followed, what is answered does not matter but for its status, 5 s are all it gets. */
export async function postWebhook(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs = usualTimeoutMs,
): Promise<PostResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'actp-worker', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.ok) return { kind: 'delivered' };
    // Standard Webhooks: 410 says that nobody wants this any more.
    return { kind: response.status === 410 ? 'never' : 'failed', reason: `HTTP ${response.status}` };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

// Only codes: a message can hold the address, and with it what somebody put into its query.
function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code: unknown =
    typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'network error';
}
