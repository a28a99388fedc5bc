import { afterAll } from 'vitest';
import { createWorker, type Handlers } from '@actp/shared/jobs/worker';
import type { QueueName } from '@actp/shared/jobs/catalogue';
import { createLogger } from '@actp/shared/log';
import type { Stores } from '@actp/testing/stores';
import { startGateway, type Gateway } from './gateway.ts';

export const secret = 'current-secret-of-the-tests-0123456789';
export const previousSecret = 'previous-secret-of-the-tests-0123456789';
export const operator = { email: 'Op@Example.com', password: 'a long enough passphrase' };

export const log = createLogger({ app: 'test', level: 'silent' });

type Env = Parameters<typeof startGateway>[0];

export interface TestGateway extends Gateway {
  url: string;
  /** A request as an agent; `init.headers` may replace the credential. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** A gateway on real stores and a free port, as its main would start it. */
export async function openGateway(stores: Stores, env: Partial<Env> = {}): Promise<TestGateway> {
  const gateway = await startGateway(
    {
      ...stores.env,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: 0,
      WORKER_SECRET: secret,
      WORKER_SECRET_PREVIOUS: previousSecret,
      SESSION_SECRET: 'session-secret-of-the-tests-0123456789',
      ALLOWED_HOSTS: ['127.0.0.1', 'localhost', '[::1]'],
      TRUSTED_PROXIES: [],
      RATE_LIMIT_PER_MINUTE: 60,
      SCHEDULE_TZ: 'UTC',
      TELEGRAM_BOT_TOKEN: undefined,
      OPERATOR_EMAIL: operator.email.toLowerCase(),
      OPERATOR_PASSWORD: operator.password,
      ...env,
    },
    log,
  );
  const url = `http://127.0.0.1:${gateway.port}`;
  afterAll(() => gateway.stop());
  return {
    ...gateway,
    url,
    fetch: (path, init = {}) =>
      fetch(`${url}${path}`, {
        redirect: 'manual',
        ...init,
        headers: { authorization: `Bearer ${secret}`, ...init.headers },
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

/** A worker with the given handlers, closed after the file. */
export function openWorker<Q extends QueueName>(stores: Stores, queue: Q, handlers: Handlers<Q>): void {
  const worker = createWorker({ queue, redis: stores.env, log, handlers });
  afterAll(() => worker.close());
}
