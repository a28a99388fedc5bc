import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { freePort } from '@actp/embedded/free-port';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import type { Stores } from '@actp/testing/stores';

export const secret = 'current-secret-of-the-tests-0123456789';
export const operator = { email: 'Op@Example.com', password: 'a long enough passphrase' };

export interface TestGateway {
  url: string;
  port: number;
  /** A request as an agent; `init.headers` may replace the credential. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');

/** A gateway on real stores, as a process of its own; it ends with the test file. */
export async function openGateway(
  stores: Stores,
  { settings = {}, ...env }: { port?: number; settings?: Record<string, string> } = {},
): Promise<TestGateway> {
  const port = env.port ?? (await freePort());
  const gateway = spawn(process.execPath, ['apps/gateway/src/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      SUPABASE_URL: stores.env.SUPABASE_URL,
      SUPABASE_SERVICE_ROLE_KEY: stores.env.SUPABASE_SERVICE_ROLE_KEY,
      DATABASE_APP_KEY: stores.env.DATABASE_APP_KEY,
      REDIS_URL: stores.env.REDIS_URL,
      GATEWAY_PORT: String(port),
      WORKER_SECRET: secret,
      SESSION_SECRET: 'session-secret-of-the-tests-0123456789',
      OPERATOR_EMAIL: operator.email,
      OPERATOR_PASSWORD: operator.password,
      ACTP_DATA_DIR: join(tmpdir(), `actp-gateway-${randomUUID()}`),
      // Only to end what hangs: a clean stop takes as long as the machine needs.
      STOP_SECONDS: '120',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [gateway.stdout, gateway.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const ended = () => gateway.exitCode !== null || gateway.signalCode !== null;
  const stop = async () => {
    gateway.kill('SIGTERM');
    if (!ended()) await once(gateway, 'exit');
  };
  atEnd(stop);
  const url = `http://127.0.0.1:${port}`;
  await eventually(() => {
    if (ended()) throw new Error(`the gateway ended:\n${output}`);
    return fetch(`${url}/healthz`).then((response) => response.ok);
  });
  return {
    url,
    port,
    stop,
    fetch: (path, init = {}) =>
      fetch(`${url}${path}`, {
        redirect: 'manual',
        ...init,
        headers: { authorization: `Bearer ${secret}`, ...Object.fromEntries(new Headers(init.headers)) },
      }),
  };
}

/** POST with a JSON body. */
export function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  };
}

/** Logs in as the first operator, whose account is being made while the gateway starts. */
export function operatorToken(gateway: TestGateway): Promise<string> {
  return eventually(async () => {
    const response = await gateway.fetch('/v1/auth/login', json(operator));
    return response.status === 200 && ((await response.json()) as { access_token: string }).access_token;
  });
}
