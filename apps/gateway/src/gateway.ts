import { resolve } from 'node:path';
import { z } from 'zod';
import { createDb, dbShape } from '@actp/db/client';
import { watchPolicy } from '@actp/policy/watch-policy';
import { createAgentKeys } from '@actp/services/agents/keys';
import { createAgentUses } from '@actp/services/agents/note-used';
import { createApprovalAnnouncer } from '@actp/services/approvals/announce';
import { createApprovalHub } from '@actp/services/approvals/hub';
import { createSharedRedeems } from '@actp/services/approvals/shared-redeems';
import { createAuditBatcher } from '@actp/services/audit/batcher';
import { createAuditLog } from '@actp/services/audit/read';
import { createAuditWriter } from '@actp/services/audit/writer';
import { createDecisionLog } from '@actp/services/guard/decision-log';
import { releasableKillSwitches } from '@actp/services/kill-switch/active';
import { createKillSwitchCache, maxLatencyMs } from '@actp/services/kill-switch/cache';
import { createLimits } from '@actp/services/limits/limits';
import { notify } from '@actp/services/notifications/notify';
import { createPolicyReporter } from '@actp/services/policy/report-change';
import { createSessionCache } from '@actp/services/sessions/cache';
import { sessionPerson } from '@actp/services/sessions/person';
import { createTaskAnnouncer } from '@actp/services/tasks/announce';
import { createTaskHub } from '@actp/services/tasks/hub';
import type { ConfigOf } from '@actp/shared/config';
import { createProducer } from '@actp/shared/jobs/producer';
import type { RunningApp } from '@actp/shared/lifecycle';
import type { Logger } from '@actp/shared/log';
import { connectRedis, failFastOptions, redisShape } from '@actp/shared/redis';
import { settings } from '@actp/shared/settings';
import { assertTogether } from '@actp/shared/settings-together';
import { createApp } from './app.ts';
import { createSecurityEvents } from './audit/security-events.ts';
import { ensureFirstOperator } from './auth/first-operator.ts';
import { createGuessAlerts } from './auth/guess-alerts.ts';
import { registrationOf } from './auth/registration.ts';
import { sessionSecretsOf } from './auth/session-secrets.ts';
import { createSignIn } from './auth/sign-in.ts';
import { createSignatureCheck } from './auth/signatures.ts';
import { createBoard } from './dashboard/board.ts';
import { createDoctor } from './doctor.ts';
import { createLargeBodies } from './large-bodies/large-bodies.ts';
import { containerNetwork } from './http/container-network.ts';
import { createLimiter } from './rate-limits/limiter.ts';
import { createLoginLimit } from './rate-limits/login-limit.ts';
import { createMetrics } from './metrics.ts';
import { createReadiness } from './readiness.ts';
import { listen } from './server.ts';
import { waitForStores } from './wait-for-stores.ts';

/** What the gateway reads from its environment. */
export const gatewayShape = {
  GATEWAY_HOST: settings.GATEWAY_HOST,
  GATEWAY_PORT: settings.GATEWAY_PORT,
  ACTP_CONTAINER: settings.ACTP_CONTAINER,
  // Set by the supervisor, which keeps the socket while one gateway takes the place of another.
  ACTP_LISTEN_FD: z.coerce.number().int().min(3).optional(),
  // From which file the settings come, for GET /v1/doctor; unset where they came in the environment alone.
  ACTP_ENV_FILE: z.string().optional(),
  WORKER_SECRET: settings.WORKER_SECRET,
  WORKER_SECRET_PREVIOUS: settings.WORKER_SECRET_PREVIOUS,
  SESSION_SECRET: settings.SESSION_SECRET,
  SESSION_SECRET_PREVIOUS: settings.SESSION_SECRET_PREVIOUS,
  SESSION_HOURS: settings.SESSION_HOURS,
  REGISTRATION: settings.REGISTRATION,
  ALLOWED_HOSTS: settings.ALLOWED_HOSTS,
  TRUSTED_PROXIES: settings.TRUSTED_PROXIES,
  RATE_LIMIT_PER_MINUTE: settings.RATE_LIMIT_PER_MINUTE,
  RATE_LIMIT_PER_USER: settings.RATE_LIMIT_PER_USER,
  RATE_LIMIT_PER_AGENT: settings.RATE_LIMIT_PER_AGENT,
  LOGIN_FAILURES_PER_15_MINUTES: settings.LOGIN_FAILURES_PER_15_MINUTES,
  SCHEDULE_TZ: settings.SCHEDULE_TZ,
  APPROVAL_TTL_SECONDS: settings.APPROVAL_TTL_SECONDS,
  APPROVAL_GRANT_SECONDS: settings.APPROVAL_GRANT_SECONDS,
  POLICY_FILE: settings.POLICY_FILE,
  MAX_SPEND_PER_TASK: settings.MAX_SPEND_PER_TASK,
  DAILY_BUDGET: settings.DAILY_BUDGET,
  AGENT_KEYS_REQUIRED: settings.AGENT_KEYS_REQUIRED,
  SIGNING_REQUIRED: settings.SIGNING_REQUIRED,
  SIGNING_SECRET: settings.SIGNING_SECRET,
  SIGNING_SECRET_PREVIOUS: settings.SIGNING_SECRET_PREVIOUS,
  TELEGRAM_CHAT_ID: settings.TELEGRAM_CHAT_ID,
  TELEGRAM_EXTRA_CHAT_IDS: settings.TELEGRAM_EXTRA_CHAT_IDS,
  CALLBACK_ORIGINS: settings.CALLBACK_ORIGINS,
  // Whether there is one, and for GET /v1/doctor, with the three that follow; the bot is who uses it.
  TELEGRAM_BOT_TOKEN: settings.TELEGRAM_BOT_TOKEN,
  TELEGRAM_APPROVER_IDS: settings.TELEGRAM_APPROVER_IDS,
  TELEGRAM_API_ROOT: settings.TELEGRAM_API_ROOT,
  ACD_URL: settings.ACD_URL,
  ACTP_DATA_DIR: settings.ACTP_DATA_DIR,
  AUDIT_QUEUE_LIMIT: settings.AUDIT_QUEUE_LIMIT,
  OPERATOR_EMAIL: settings.OPERATOR_EMAIL,
  OPERATOR_PASSWORD: settings.OPERATOR_PASSWORD,
  ...redisShape,
  ...dbShape,
};

export interface Gateway extends RunningApp {
  port: number;
  /** What is served; its routes can be listed. */
  app: ReturnType<typeof createApp>;
}

// One step of checking the audit log; the limit of PostgREST's own is 8 s.
const verifyTimeoutMs = 10_000;
// A request that waits for its count is a slow request: after this it is counted in process.
const countWithinMs = 300;
const silentMs = 1_000;
const everyAddress = '0.0.0.0';

/**
 * Connects everything and listens. Redis and the database may come later: until then callers get 503.
 *
 * @param databaseMs how long an answer of the database is waited for, unless that is what callers may wait
 * @throws ConfigError when settings do not go together
 */
export async function startGateway(
  env: ConfigOf<typeof gatewayShape>,
  log: Logger,
  databaseMs?: number,
): Promise<Gateway> {
  assertTogether({ SIGNING_REQUIRED: env.SIGNING_REQUIRED, SIGNING_SECRET: env.SIGNING_SECRET });
  const network = env.ACTP_CONTAINER ? containerNetwork() : undefined;
  // What is reachable in a container's own network is what its owner publishes; the host's network gets nothing but loopback.
  const host = network === undefined ? env.GATEWAY_HOST : everyAddress;
  const db = createDb(env, 'gateway', databaseMs);
  const producer = createProducer({ redis: env, log });
  const rateLimits = connectRedis(
    env,
    {
      ...failFastOptions,
      commandTimeout: countWithinMs,
      // A Redis that takes questions and answers none is left, so that they do not pile up; each is asked once.
      socketTimeout: silentMs,
      autoResendUnfulfilledCommands: false,
    },
    { batched: false },
  );
  rateLimits.on('error', () => undefined); // the producer's connection speaks for Redis
  const rateLimiter = createLimiter(rateLimits, log);
  const board = createBoard({ producer });
  const policy = await watchPolicy({
    file: env.POLICY_FILE,
    log,
    report: createPolicyReporter({ db, producer, log, app: 'gateway' }),
  });
  const hub = createApprovalHub({ db, redis: env, log });
  const taskHub = createTaskHub({ db, redis: env, log });
  const approvals = {
    db,
    policy: policy.current,
    grantSeconds: env.APPROVAL_GRANT_SECONDS,
    maxSpendPerTask: env.MAX_SPEND_PER_TASK,
    announce: createApprovalAnnouncer({ hub, producer, log }),
  };
  const dataDir = resolve(import.meta.dirname, '../../..', env.ACTP_DATA_DIR);
  const largeBodies = createLargeBodies({ log });
  const auditBatcher = createAuditBatcher({
    producer,
    maxJobs: env.AUDIT_QUEUE_LIMIT,
    redactRows: largeBodies.redactRows,
  });
  const audit = createAuditWriter({ batcher: auditBatcher, db, log });
  const security = createSecurityEvents({ audit });
  const cacheDb = createDb(env, 'gateway', maxLatencyMs);
  const killSwitches = createKillSwitchCache(() => releasableKillSwitches(cacheDb));
  const agentUses = createAgentUses({ db, log });
  const firstOperator = ensureFirstOperator(
    { db, log },
    { email: env.OPERATOR_EMAIL, password: env.OPERATOR_PASSWORD },
  );
  const readiness = createReadiness({
    operatorExists: firstOperator.isDone,
    db,
    producer,
    telegramConfigured: env.TELEGRAM_BOT_TOKEN !== undefined,
  });
  const metrics = createMetrics({ producer, db, readiness });
  const loginLimit = createLoginLimit(
    rateLimiter,
    env.LOGIN_FAILURES_PER_15_MINUTES,
    createGuessAlerts({ log, notify: (message) => notify({ db, producer, log }, message) }),
  );
  const sessionSecrets = sessionSecretsOf(env.SESSION_SECRET, env.SESSION_SECRET_PREVIOUS);
  const app = createApp({
    config: {
      workerSecrets: [env.WORKER_SECRET, env.WORKER_SECRET_PREVIOUS].filter((s) => s !== undefined),
      sessionSecrets,
      sessionHours: env.SESSION_HOURS,
      registration: registrationOf(env.REGISTRATION, host),
      operatorEmail: env.OPERATOR_EMAIL,
      agentKeysRequired: env.AGENT_KEYS_REQUIRED,
      allowedHosts: env.ALLOWED_HOSTS,
      trustedProxies: env.TRUSTED_PROXIES,
      hostAddress: network?.hostAddress,
      rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE,
      rateLimitPerUser: env.RATE_LIMIT_PER_USER,
      rateLimitPerAgent: env.RATE_LIMIT_PER_AGENT,
      scheduleTz: env.SCHEDULE_TZ,
      approvalTtlSeconds: env.APPROVAL_TTL_SECONDS,
      chatIds: [env.TELEGRAM_CHAT_ID, ...env.TELEGRAM_EXTRA_CHAT_IDS].filter((id) => id !== undefined),
      callbackOrigins: env.CALLBACK_ORIGINS,
      maxSpendPerTask: env.MAX_SPEND_PER_TASK,
      dailyBudget: env.DAILY_BUDGET,
    },
    db,
    producer,
    readiness,
    doctor: createDoctor({
      env: { ...env, GATEWAY_HOST: host },
      envFile: env.ACTP_ENV_FILE,
      db,
      producer,
      dataDir,
      port: () => server.port,
    }),
    metrics,
    rateLimiter,
    signIn: createSignIn({
      db,
      sessionSecrets,
      sessionHours: env.SESSION_HOURS,
      limit: loginLimit,
    }),
    loginLimit,
    sessions: createSessionCache((id, kind) => sessionPerson(cacheDb, id, kind)),
    assertSigned: createSignatureCheck(db, {
      secrets: env.SIGNING_REQUIRED ? [env.SIGNING_SECRET, env.SIGNING_SECRET_PREVIOUS] : [],
    }),
    agentKeys: createAgentKeys({ db: cacheDb, used: agentUses.note }),
    guard: {
      ...approvals,
      approvalTtlSeconds: env.APPROVAL_TTL_SECONDS,
      killSwitches,
      limits: createLimits({ db, log }),
      decisionLog: createDecisionLog({ db, producer, batcher: auditBatcher, killSwitches }),
      countDecision: (effect) => metrics.countDecision(effect),
    },
    killSwitches: { db, producer, log, changed: () => killSwitches.invalidate() },
    approvals,
    redeem: createSharedRedeems({ ...approvals, audit }),
    hub,
    tasks: {
      db,
      maxSpendPerTask: env.MAX_SPEND_PER_TASK,
      announce: createTaskAnnouncer({ hub: taskHub, producer, log }),
    },
    taskHub,
    auditBatcher,
    largeBodies,
    audit,
    security,
    auditLog: createAuditLog({ db, slowQueryDb: createDb(env, 'gateway', verifyTimeoutMs), dataDir }),
    board,
    log,
  });
  if (env.ACTP_LISTEN_FD !== undefined) await waitForStores(db, producer);
  const server = await listen(app, { host, port: env.GATEWAY_PORT, fd: env.ACTP_LISTEN_FD, log });
  log.info({ host, port: server.port }, 'listening');

  return {
    port: server.port,
    app,
    drain: () => server.drain(),
    async stop() {
      firstOperator.stop();
      await policy.stop();
      // Who waits is answered now: a stream would keep the server open.
      hub.close();
      taskHub.close();
      await server.close();
      security.close();
      await agentUses.close();
      await audit.settled();
      await largeBodies.stop();
      await producer.close();
      await rateLimiter.close();
      rateLimits.disconnect();
    },
  };
}
