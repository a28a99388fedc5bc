import { z } from 'zod';
import { redact } from '@actp/redaction/redact';
import { firstOf, plainText } from '@actp/suites/plain-text';

/** What ACD says about its harness; every value can be missing, old, or of the run before. */
export interface AcdStatus {
  status: string | null;
  pid: number | null;
  lastUpdate: string | null;
}

type AcdStart =
  | { kind: 'started'; pid: number | null; startedAt: string | null }
  /** Somebody else's run is under way. */
  | { kind: 'busy' }
  /** It has said no, and would say so again. */
  | { kind: 'refused'; reason: string }
  /** The call certainly never reached it. */
  | { kind: 'away'; reason: string }
  /** The call may have been carried out. */
  | { kind: 'unknown'; reason: string };

type AcdStatusResult =
  | { kind: 'status'; status: AcdStatus }
  /** It may answer the next time. */
  | { kind: 'away'; reason: string }
  /** No coding agent can be used there, and waiting does not change that. */
  | { kind: 'unusable'; reason: string };

export interface AcdClient {
  status(): Promise<AcdStatusResult>;
  start(prompt: string): Promise<AcdStart>;
  /** Only for a run that is provably ours. */
  stop(): Promise<boolean>;
}

export interface AcdTarget {
  url: string;
  token: string | undefined;
  /** How long one call may take, in milliseconds. */
  callMs?: number;
}

const defaultCallMs = 10_000;
// Its answers have some hundred bytes.
const maxBody = 256 * 1024;
// Something else listens there: it does not know the path, or not the method.
const strangers: ReadonlySet<number> = new Set([404, 405, 410, 501]);
// Sessions of one start; its own default is 100.
const maxSessions = 3;

const Text = z.string().max(1_000).nullish().catch(null);
const Pid = z.int().positive().nullish().catch(null);
const Harness = z.object({ status: Text, pid: Pid, lastUpdate: Text });
const StatusBody = z.object({ data: z.object({ harness: Harness }) });
const StartBody = z.object({ data: z.object({ pid: Pid, startedAt: Text }) });
const ErrorBody = z.object({ error: z.object({ message: z.string() }) });

/**
 * The coding-agent service over HTTP. Nothing that it answers is believed without a look at its form, no redirect is
 * followed, and no call takes longer than its time. Never throws.
 */
export function createAcdClient({ url, token, callMs = defaultCallMs }: AcdTarget): AcdClient {
  const call = (method: string, path: string, body?: object) =>
    send(`${url}${path}`, method, body, token, callMs);

  return {
    async status() {
      const response = await call('GET', '/api/status');
      if (response.kind === 'away')
        return { kind: 'unusable', reason: `nothing answers at ACD_URL (${response.reason})` };
      if (response.kind === 'unknown') return { kind: 'away', reason: response.reason };
      if (strangers.has(response.status))
        return {
          kind: 'unusable',
          reason: `what answers at ACD_URL is no coding agent (${response.status})`,
        };
      if (response.status === 401 || response.status === 403)
        return { kind: 'unusable', reason: `ACD_TOKEN is refused at ACD_URL (${response.status})` };
      const parsed = response.status === 200 ? StatusBody.safeParse(response.body) : undefined;
      if (parsed?.success !== true) return { kind: 'away', reason: explain(response) };
      const { status = null, pid = null, lastUpdate = null } = parsed.data.data.harness;
      return { kind: 'status', status: { status, pid, lastUpdate } };
    },
    async start(prompt) {
      const request = { prompt, continuous: false, maxSessions };
      const response = await call('POST', '/api/harness/start', request);
      if (response.kind !== 'response') return response;
      if (response.status === 200) {
        const parsed = StartBody.safeParse(response.body);
        if (!parsed.success)
          return { kind: 'unknown', reason: 'it answered 200 with something else than a run' };
        const { pid = null, startedAt = null } = parsed.data.data;
        return { kind: 'started', pid, startedAt };
      }
      // There is nothing else to tell it by.
      if (response.status === 500 && /harness already running/i.test(messageIn(response.body)))
        return { kind: 'busy' };
      // Whoever stands in between has not said whether ACD has heard of it.
      if ([502, 503, 504].includes(response.status)) return { kind: 'unknown', reason: explain(response) };
      return { kind: 'refused', reason: explain(response) };
    },
    async stop() {
      const response = await call('POST', '/api/harness/stop', { force: true });
      return response.kind === 'response' && response.status === 200;
    },
  };
}

type AcdResponse =
  | { kind: 'response'; status: number; body: unknown }
  | { kind: 'away'; reason: string }
  | { kind: 'unknown'; reason: string };

async function send(
  url: string,
  method: string,
  body: object | undefined,
  token: string | undefined,
  callMs: number,
): Promise<AcdResponse> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'actp-worker',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(callMs),
    });
    return { kind: 'response', status: response.status, body: await readJson(response) };
  } catch (error) {
    const reason = reasonOf(error);
    return neverSent.has(reason) ? { kind: 'away', reason } : { kind: 'unknown', reason };
  }
}

// Nothing was connected, so nothing was sent.
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBody) {
      await response.body?.cancel().catch(() => undefined);
      return undefined;
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function messageIn(body: unknown): string {
  const parsed = ErrorBody.safeParse(body);
  return parsed.success ? parsed.data.error.message : '';
}

function explain({ status, body }: { status: number; body: unknown }): string {
  if (status >= 300 && status < 400) return `it redirects (${status}), which is not followed`;
  if (status === 401 || status === 403) return `it refuses the token (${status})`;
  const message = firstOf(
    redact(plainText(messageIn(body)))
      .replace(/\s+/g, ' ')
      .trim(),
    200,
  );
  return message === ''
    ? `it answered ${status} with nothing that can be read`
    : `it answered ${status}: ${message}`;
}

// Only codes: a message can hold the address, and with it a password.
function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code: unknown =
    typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'network error';
}
