/** An app of the plane: a process of its own, run from `entry`. */
export interface AppSpec {
  name: string;
  /** Relative to the repository root; what an operator sees in `ps`. */
  entry: string;
  /** Megabytes of V8's young generation (a semi-space); its default of 16 alone makes an idle app 25 MB larger. */
  semiSpace: number;
  /** What it finds in its environment of the plane's settings, beside those of every process: what it reads, and nothing else. */
  settings: readonly string[];
  /** It runs commands of the operator, which find the operator's whole environment but the plane's settings. */
  runsCommands?: boolean;
  /** It has the last word about what the others did. */
  stopsLast?: boolean;
  /** It accepts connections from the socket that the supervisor holds, so that one process of it can take the place of another. */
  listens?: boolean;
}

const app = (name: string, semiSpace: number, settings: readonly string[]): AppSpec => ({
  name,
  entry: `apps/${name}/src/main.ts`,
  semiSpace,
  settings,
});

const stores = [
  'REDIS_URL',
  'REDIS_CLUSTER_NODES',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_NAME',
  'REDIS_MIN_REPLICAS',
  'SUPABASE_URL',
  'SUPABASE_SERVICE_ROLE_KEY',
];

/**
 * Every app that `npm start` runs. All start at once; each waits by itself for what it needs. The settings are those of its
 * `...Shape` (scripts/app-settings.unit.test.ts).
 */
export const apps: readonly AppSpec[] = [
  // Answers requests, so more of its garbage is young.
  {
    ...app('gateway', 8, [
      ...stores,
      'GATEWAY_HOST',
      'GATEWAY_PORT',
      'ACTP_CONTAINER',
      'ACTP_LISTEN_FD',
      'ACTP_ENV_FILE',
      'WORKER_SECRET',
      'WORKER_SECRET_PREVIOUS',
      'SESSION_SECRET',
      'SESSION_SECRET_PREVIOUS',
      'ALLOWED_HOSTS',
      'TRUSTED_PROXIES',
      'RATE_LIMIT_PER_MINUTE',
      'RATE_LIMIT_PER_USER',
      'RATE_LIMIT_PER_AGENT',
      'LOGIN_FAILURES_PER_15_MINUTES',
      'SESSION_HOURS',
      'REGISTRATION',
      'AGENT_KEYS_REQUIRED',
      'SCHEDULE_TZ',
      'APPROVAL_TTL_SECONDS',
      'APPROVAL_GRANT_SECONDS',
      'POLICY_FILE',
      'MAX_SPEND_PER_TASK',
      'DAILY_BUDGET',
      'SIGNING_REQUIRED',
      'SIGNING_SECRET',
      'SIGNING_SECRET_PREVIOUS',
      'TELEGRAM_CHAT_ID',
      'TELEGRAM_EXTRA_CHAT_IDS',
      'CALLBACK_ORIGINS',
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_APPROVER_IDS',
      'TELEGRAM_API_ROOT',
      'ACD_URL',
      'ACTP_DATA_DIR',
      'AUDIT_QUEUE_LIMIT',
      'OPERATOR_EMAIL',
      'OPERATOR_PASSWORD',
    ]),
    listens: true,
  },
  app('scheduler', 2, [
    ...stores,
    'SCHEDULE_TZ',
    'POLICY_FILE',
    'APPROVAL_TTL_SECONDS',
    'APPROVAL_GRANT_SECONDS',
    'CALLBACK_ORIGINS',
    'CALLBACK_SECRET',
    'CALLBACK_SECRET_PREVIOUS',
  ]),
  {
    ...app('selftest-runner', 2, [
      ...stores,
      'GATEWAY_HOST',
      'GATEWAY_PORT',
      'ACTP_GATEWAY_URL',
      'SELFTEST_CONFIG',
      'ACTP_DATA_DIR',
      'ACTP_START_ID',
      'ACD_URL',
      'ACD_TIMEOUT_MINUTES',
      'ACD_POLL_SECONDS',
      'ACD_TOKEN',
      'APPROVAL_TTL_SECONDS',
      'APPROVAL_GRANT_SECONDS',
      'POLICY_FILE',
    ]),
    runsCommands: true,
  },
  app('approval-bot', 2, [
    ...stores,
    'TELEGRAM_BOT_TOKEN',
    'TELEGRAM_APPROVER_IDS',
    'TELEGRAM_API_ROOT',
    'POLICY_FILE',
    'SESSION_SECRET',
    'SESSION_SECRET_PREVIOUS',
    'SCHEDULE_TZ',
    'TELEGRAM_CHAT_ID',
    'TELEGRAM_EXTRA_CHAT_IDS',
  ]),
  app('executor', 4, [
    ...stores,
    'POLICY_FILE',
    'APPROVAL_TTL_SECONDS',
    'APPROVAL_GRANT_SECONDS',
    'MAX_SPEND_PER_TASK',
    'DAILY_BUDGET',
    'BRAVE_API_KEY',
    'BRAVE_BASE_URL',
    'GROQ_API_KEY',
    'GROQ_BASE_URL',
    'GROQ_MODEL',
    'GEMINI_API_KEY',
    'GEMINI_BASE_URL',
    'GEMINI_MODEL',
    'RESEND_API_KEY',
    'RESEND_BASE_URL',
    'RESEND_FROM',
    'COINGECKO_API_KEY',
    'COINGECKO_BASE_URL',
    'PAYMENT_PROVIDER',
    'STRIPE_SECRET_KEY',
    'STRIPE_PAYMENT_METHOD',
    'STRIPE_BASE_URL',
    'PRICE_TOLERANCE_PERCENT',
  ]),
  app('inspector', 4, [...stores, 'ACTP_DATA_DIR', 'PROJECTS_CONFIG', 'OSV_DATA', 'SELFTEST_CONFIG']),
  // Batches of up to 4 MiB go through it.
  {
    ...app('auditor', 4, [
      ...stores,
      'ACTP_DATA_DIR',
      'ACTP_ANCHOR_FILE',
      'AUDIT_SIGNING_KEY',
      'AUDIT_SIGNING_KEY_PREVIOUS',
      'AUDIT_RETENTION_DAYS',
      'SCHEDULE_TZ',
    ]),
    stopsLast: true,
  },
];
