import { ownPort } from '@actp/testing/own-port';
import { eventually } from '@actp/testing/eventually';
import type { Stores } from '@actp/testing/stores';
import { startApp } from './app-process.fixture.ts';

export const secret = 'current-secret-of-the-tests-0123456789';
export const operator = { email: 'Op@Example.com', password: 'a long enough passphrase' };

export interface TestGateway {
  url: string;
  port: number;
  /** A request as an agent; `init.headers` may replace the credential. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<unknown>;
}

/** A gateway on real stores, as a process of its own; it ends with the test file. */
export async function openGateway(
  stores: Stores,
  { settings = {}, ...env }: { port?: number; settings?: Record<string, string> } = {},
): Promise<TestGateway> {
  const port = env.port ?? (await ownPort());
  const { stop } = await startApp('gateway', stores, {
    GATEWAY_PORT: String(port),
    WORKER_SECRET: secret,
    SESSION_SECRET: 'session-secret-of-the-tests-0123456789',
    OPERATOR_EMAIL: operator.email,
    OPERATOR_PASSWORD: operator.password,
    ...settings,
  });
  const url = `http://127.0.0.1:${port}`;
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
