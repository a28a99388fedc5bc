import { ActpError, ActpUnavailable, codeOf, PolicyDenied } from './errors.ts';
import type { Settings } from './options.ts';
import { describeProblem, readProblem } from './problem.ts';
import { withTimeLimit } from './time-limit.ts';

interface Exchange {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** How long the gateway was asked to wait before it answers. */
  waitSeconds?: number;
  signal?: AbortSignal | undefined;
}

/** One request: returns the JSON of a successful response. */
export type Send = (exchange: Exchange) => Promise<unknown>;

/**
 * Makes the function that talks to the gateway. It throws ActpUnavailable for what another attempt may fix (no response
 * in time, 429, 5xx, a response that is not JSON) and another ActpError for every other refusal.
 */
export function createSend(settings: Settings): Send {
  const { url, secret, sign, agentId, timeoutMs } = settings;
  return ({ method, path, headers = {}, body, waitSeconds = 0, signal }) => {
    const call = `${method} ${path}`;
    const late = () => new ActpUnavailable(`${call}: timed out`);
    return withTimeLimit(waitSeconds * 1_000 + timeoutMs, late, signal, async (ending) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const init: RequestInit = {
        method,
        headers: {
          ...headers,
          ...(method === 'POST' ? await sign?.({ method, path, body: text }) : {}),
          authorization: `Bearer ${secret}`,
          'x-agent-id': agentId,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: text }),
        // The secret goes to the gateway and nowhere else.
        redirect: 'manual',
        cache: 'no-store',
        signal: ending,
      };
      const exchanged = await exchange(settings, `${url}${path}`, init, call, signal);
      return parseResponse(call, exchanged.response, exchanged.text, secret);
    });
  };
}

async function exchange(
  { fetch }: Settings,
  url: string,
  init: RequestInit,
  call: string,
  signal: AbortSignal | undefined,
): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(url, init);
    return { response, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    throw new ActpUnavailable(`${call}: the gateway is unavailable`, { cause: error });
  }
}

function parseResponse(call: string, response: Response, text: string, secret: string): unknown {
  const { status } = response;
  const json = parse(text);
  if (response.ok) {
    if (json !== undefined) return json;
    throw new ActpUnavailable(`${call}: the server is not an actp-worker gateway`);
  }
  // A browser hides the status of a redirect that it does not follow.
  if (status < 400)
    throw new ActpError('unexpected_answer', `${call}: redirects are not followed; check the url`);
  const problem = readProblem(status, json, secret);
  const message = `${call}: ${describeProblem(problem)}`;
  if (status === 429 || status >= 500) {
    throw new ActpUnavailable(message, { problem, retryAfterSeconds: retryAfterOf(response) });
  }
  const code = codeOf(problem);
  if (code === 'policy_denied') {
    const { rule, reasons = [] } = problem;
    throw new PolicyDenied(message, { problem, rule, reasons });
  }
  throw new ActpError(code ?? 'unexpected_answer', message, { problem });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// In seconds; the form that is a date depends on two clocks, and no gateway of ours sends it.
function retryAfterOf(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
