import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorker, type Handlers, type RunningWorker } from '@actp/shared/jobs/worker';
import type { QueueName } from '@actp/shared/jobs/catalogue';
import { createLogger, type Logger } from '@actp/shared/log';
import type { RedisTarget } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import type { Stores } from '@actp/testing/stores';
import type { SessionKind } from '@actp/services/sessions/kind';
import { hashPassword } from '@actp/services/users/password';
import { issueToken } from './auth/session-token.ts';
import { startGateway, type Gateway } from './gateway.ts';

export const secret = 'current-secret-of-the-tests-0123456789';
export const previousSecret = 'previous-secret-of-the-tests-0123456789';
export const sessionSecret = 'session-secret-of-the-tests-0123456789';
export const operator = { email: 'Op@Example.com', password: 'a long enough passphrase' };

export const log = createLogger({ app: 'test', level: 'silent' });

const patienceMs = 30_000;

type Env = Parameters<typeof startGateway>[0];

export interface TestGateway extends Gateway {
  url: string;
  /** A request as an agent; `init.headers` may replace the credential. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** A gateway on real stores and a free port, as its main would start it. */
export async function openGateway(
  stores: Stores,
  env: Partial<Env> = {},
  logger: Logger = log,
): Promise<TestGateway> {
  const gateway = await startGateway(
    {
      ...stores.env,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: 0,
      ACTP_CONTAINER: false,
      WORKER_SECRET: secret,
      WORKER_SECRET_PREVIOUS: previousSecret,
      ACTP_LISTEN_FD: undefined,
      ACTP_ENV_FILE: undefined,
      SESSION_SECRET: sessionSecret,
      SESSION_SECRET_PREVIOUS: undefined,
      SESSION_HOURS: 12,
      REGISTRATION: undefined,
      ALLOWED_HOSTS: ['127.0.0.1', 'localhost', '[::1]'],
      TRUSTED_PROXIES: [],
      RATE_LIMIT_PER_MINUTE: 60,
      RATE_LIMIT_PER_USER: 600,
      RATE_LIMIT_PER_AGENT: 6_000,
      LOGIN_FAILURES_PER_15_MINUTES: 10,
      SCHEDULE_TZ: 'UTC',
      APPROVAL_TTL_SECONDS: 14_400,
      APPROVAL_GRANT_SECONDS: 600,
      POLICY_FILE: 'config/policy.yaml',
      MAX_SPEND_PER_TASK: 1_000,
      DAILY_BUDGET: 5_000,
      AGENT_KEYS_REQUIRED: false,
      SIGNING_REQUIRED: false,
      SIGNING_SECRET: undefined,
      SIGNING_SECRET_PREVIOUS: undefined,
      TELEGRAM_CHAT_ID: '-1001',
      TELEGRAM_EXTRA_CHAT_IDS: ['-1002'],
      CALLBACK_ORIGINS: ['http://127.0.0.1:9'],
      TELEGRAM_BOT_TOKEN: undefined,
      TELEGRAM_APPROVER_IDS: [],
      TELEGRAM_API_ROOT: 'http://127.0.0.1:9',
      ACD_URL: 'http://127.0.0.1:9',
      ACTP_DATA_DIR: join(tmpdir(), `actp-gateway-${randomUUID()}`),
      AUDIT_QUEUE_LIMIT: 1_000,
      OPERATOR_EMAIL: operator.email.toLowerCase(),
      OPERATOR_PASSWORD: operator.password,
      ...env,
    },
    logger,
    // A busy machine is no outage; where another database is named, how outages are answered is what is tested.
    env.SUPABASE_URL === undefined ? patienceMs : undefined,
  );
  const url = `http://127.0.0.1:${gateway.port}`;
  atEnd(() => gateway.stop());
  return {
    ...gateway,
    url,
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
    const answer = await gateway.fetch('/v1/auth/login', json(operator));
    return answer.status === 200 && ((await answer.json()) as { access_token: string }).access_token;
  });
}

/** A user who has registered, with the token of a login. */
export async function registeredUser(
  gateway: TestGateway,
  email: string,
  password = 'ten or more',
): Promise<{ id: string; email: string; password: string; token: string }> {
  const made = await fetch(`${gateway.url}/v1/auth/register`, json({ email, password }));
  const { id } = (await made.json()) as { id: string };
  const login = await fetch(`${gateway.url}/v1/auth/login`, json({ email, password }));
  const { access_token: token } = (await login.json()) as { access_token: string };
  return { id, email, password, token };
}

/** The account of a person and a live session of it, without logging in. */
export async function personSession(
  stores: Stores,
  person: { email: string; role?: 'user' | 'operator'; password?: string; kind?: SessionKind },
): Promise<{ id: string; session: string; token: string }> {
  const { email, role = 'user', password = 'the password of a mere user', kind = 'api' } = person;
  const { rows } = await stores.sql.query<{ id: string; session: string }>(
    `with made as (
       insert into actp_users (email, password_hash, role) values ($1, $2, $3) returning id, role
     )
     insert into actp_sessions (user_id, kind, role, expires_at)
     select made.id, $4, made.role, now() + interval '1 hour' from made returning user_id as id, id as session`,
    [email, await hashPassword(password), role, kind],
  );
  const [made] = rows;
  if (!made) throw new Error('an insert gives its row');
  return { ...made, token: await issueToken(sessionSecret, { ...made, kind, seconds: 3_600 }) };
}

/** Logs in as the page does; gives both headers of its session. */
export function pageSession(
  gateway: TestGateway,
  who: { email: string; password: string } = operator,
): Promise<{ cookie: string; 'x-page-token': string }> {
  return eventually(async () => {
    const answer = await fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(who),
    });
    if (answer.status !== 200) return false;
    const { page_token } = (await answer.json()) as { page_token: string };
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { cookie, 'x-page-token': page_token };
  });
}

/** A worker with the given handlers, closed after the file. */
export function openWorker<Q extends QueueName>(
  stores: { env: RedisTarget },
  queue: Q,
  handlers: Handlers<Q>,
): RunningWorker {
  const worker = createWorker({ queue, redis: stores.env, log, handlers });
  atEnd(() => worker.close());
  return worker;
}
