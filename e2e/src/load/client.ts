import { setTimeout as delay } from 'node:timers/promises';
import type { Recorder } from './recorder.ts';

export interface Caller {
  authorization: string;
  agent?: string;
}

interface Request {
  /** As the figures name it. */
  route: string;
  path: string;
  method?: 'GET' | 'POST';
  body?: unknown;
  caller: Caller;
  expect: number;
  /** When it was to be sent. */
  intended: number;
}

export interface Client {
  /** @returns the parsed answer; undefined when it was not the expected one, which is counted */
  send(request: Request): Promise<unknown>;
  /** For what is no load: arranging and checking. Waits a moment and asks again while it is told to. @throws Error */
  ask(path: string, caller: Caller, body?: unknown, headers?: Record<string, string>): Promise<unknown>;
}

// A caller of a real agent would have given up.
const giveUpMs = 60_000;

export function createClient(url: string, recorder: Recorder): Client {
  const call = (
    path: string,
    { authorization, agent }: Caller,
    method: string,
    body: unknown,
    headers = {},
  ) =>
    fetch(`${url}${path}`, {
      method,
      signal: AbortSignal.timeout(giveUpMs),
      headers: {
        ...(authorization === '' ? {} : { authorization }),
        ...(agent === undefined ? {} : { 'x-agent-id': agent }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    async send({ route, path, method = 'POST', body, caller, expect, intended }) {
      const done = (error?: string) => recorder.record(route, performance.now() - intended, error);
      try {
        const response = await call(path, caller, method, body);
        const text = await response.text();
        if (response.status !== expect) {
          done(String(response.status));
          return undefined;
        }
        done();
        return JSON.parse(text);
      } catch (error) {
        done(kindOf(error));
        return undefined;
      }
    },
    async ask(path, caller, body, headers) {
      for (;;) {
        const response = await call(path, caller, body === undefined ? 'GET' : 'POST', body, headers);
        const text = await response.text();
        if (response.ok) return JSON.parse(text);
        if (response.status !== 429)
          throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
        await delay(1_000);
      }
    },
  };
}

function kindOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'unknown';
}
