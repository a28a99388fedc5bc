import type { settings } from './settings.ts';

/** How a setting is explained to an operator: docs/settings.md and .env.example are written from this. */
export interface SettingReference {
  /** The default as it would be written in .env; null when it is off or missing without a value. */
  default: string | null;
  /** Instead of the default in the table: where the value comes from. */
  source?: 'generated' | 'embedded';
  /** Instead of the default in the table: a default that depends on another setting. */
  shown?: string;
  /** Shown in .env.example in place of a default. */
  example?: string;
  text: string;
}

/** Settings that only the start reads: of the embedded stores, and of Node.js itself. */
type StartSettings =
  | 'ACTP_POSTGRES_PASSWORD'
  | 'ACTP_JWT_SECRET'
  | 'ACTP_REDIS_PASSWORD'
  | 'DATABASE_APP_SECRET'
  | 'NODE_EXTRA_CA_CERTS';

export type SettingName = keyof typeof settings | StartSettings;

/** Every setting, in groups, in the order in which an operator reads them. */
export const settingGroups: ReadonlyArray<{
  title: string;
  settings: Partial<Record<SettingName, SettingReference>>;
}> = [
  {
    title: 'Gateway',
    settings: {
      GATEWAY_HOST: {
        default: '127.0.0.1',
        text: 'Where the gateway listens: a loopback address. Put a proxy in front of it for others (TRUSTED_PROXIES, ALLOWED_HOSTS)',
      },
      GATEWAY_PORT: { default: '8787', text: 'The port of the gateway' },
      ALLOWED_HOSTS: {
        default: '127.0.0.1,localhost,[::1]',
        text: 'Host headers that are answered, with any port',
      },
      TRUSTED_PROXIES: {
        default: null,
        text: 'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed',
      },
      RATE_LIMIT_PER_MINUTE: {
        default: '60',
        text: 'Requests per client address and minute. Connections from 127.0.0.1 and ::1 are exempt',
      },
      RATE_LIMIT_PER_USER: { default: '600', text: 'Requests per user and minute, from whatever address' },
      RATE_LIMIT_PER_AGENT: { default: '6000', text: 'Requests per agent and minute, from whatever address' },
      LOGIN_FAILURES_PER_15_MINUTES: {
        default: '10',
        text: 'Failed logins per account and client address, loopback included; per account from everywhere ten times as many, per client address three times',
      },
      SESSION_HOURS: {
        default: '12',
        text: 'How long a login lasts, in hours; 12 at most. The token of a user lasts one hour',
      },
      REGISTRATION: {
        default: null,
        shown: '`open` on loopback',
        example: 'open',
        text: 'Whether everybody can register as a user (open), or only operators make accounts (closed)',
      },
    },
  },
  {
    title: 'Secrets',
    settings: {
      WORKER_SECRET: {
        default: null,
        source: 'generated',
        text: 'What agents and triggers send; at least 32 characters',
      },
      WORKER_SECRET_PREVIOUS: { default: null, text: 'Stays valid while WORKER_SECRET is rotated' },
      SESSION_SECRET: {
        default: null,
        source: 'generated',
        text: 'Signs the tokens of operators and users; at least 32 characters',
      },
      SESSION_SECRET_PREVIOUS: { default: null, text: 'Stays valid while SESSION_SECRET is rotated' },
      OPERATOR_EMAIL: {
        default: 'operator@actp.local',
        text: 'The first operator account, created when it does not exist',
      },
      OPERATOR_PASSWORD: {
        default: null,
        source: 'generated',
        text: 'Its password; another one here becomes the password of the account at the next start',
      },
      AUDIT_SIGNING_KEY: {
        default: null,
        source: 'generated',
        text: 'Signs the checkpoints of the audit log; only the auditor gets it. At least 32 characters',
      },
      AUDIT_SIGNING_KEY_PREVIOUS: {
        default: null,
        text: 'The old key, for the start after AUDIT_SIGNING_KEY was rotated: it signs the new one',
      },
      BACKUP_PASSPHRASE: { default: null, text: 'Encrypts backups; they then hold secrets and settings too' },
      REDACTION_KEY: {
        default: null,
        source: 'generated',
        text: 'Makes the fingerprints in [redacted:kind:fingerprint] the same in every app and after a restart',
      },
      ACTP_POSTGRES_PASSWORD: { default: null, source: 'generated', text: 'Of the embedded Postgres' },
      ACTP_JWT_SECRET: {
        default: null,
        source: 'generated',
        text: 'Signs the service-role key of the embedded stores',
      },
      ACTP_REDIS_PASSWORD: { default: null, source: 'generated', text: 'Of the embedded Redis' },
    },
  },
  {
    title: 'Stores',
    settings: {
      REDIS_URL: {
        default: null,
        source: 'embedded',
        example: 'redis://user:password@127.0.0.1:6379',
        text: 'A Redis of your own, redis:// or rediss://; it is checked at the start',
      },
      REDIS_CLUSTER_NODES: {
        default: null,
        example: 'redis://user:password@host:port,host:port',
        text: 'Nodes of a Redis Cluster of your own, instead of REDIS_URL: host:port or URLs, rediss:// with TLS',
      },
      REDIS_SENTINELS: {
        default: null,
        example: 'redis://user:password@host:26379,host:26379',
        text: 'Sentinels that name the primary, in the same form; user, password, TLS and database of the servers themselves: REDIS_URL=redis://user:password@mymaster/0',
      },
      REDIS_SENTINEL_NAME: {
        default: 'mymaster',
        text: 'What the Sentinels call the group of servers',
      },
      REDIS_MIN_REPLICAS: {
        default: null,
        example: '1',
        text: 'Replicas that have to hold what is acknowledged (202) before the answer, else 503. Unset: 1 with REDIS_SENTINELS and on a cluster that has replicas, 0 otherwise',
      },
      SUPABASE_URL: {
        default: null,
        source: 'embedded',
        example: 'https://project.supabase.co',
        text: 'A Supabase project of your own',
      },
      SUPABASE_SERVICE_ROLE_KEY: { default: null, source: 'embedded', text: 'Its service-role key' },
      DATABASE_APP_SECRET: {
        default: null,
        source: 'generated',
        text: 'What the key of each app in the database is derived from; the same on every machine of one plane',
      },
      DATABASE_URL: {
        default: null,
        source: 'embedded',
        text: 'Its Postgres, for migrations and for registering the keys of the apps',
      },
      ACTP_DATA_DIR: { default: '.actp', text: 'Where the embedded stores keep their data' },
      ACTP_ANCHOR_FILE: {
        default: null,
        shown: "in the user's folder for state",
        text: 'Keeps how far the plane has come, so that an older copy of the database releases nothing; not in ACTP_DATA_DIR, and not backed up with it',
      },
      NODE_EXTRA_CA_CERTS: {
        default: null,
        text: 'A file with certificates (PEM) of authorities that Node.js does not know, for rediss:, https: and Postgres with TLS',
      },
    },
  },
  {
    title: 'Telegram',
    settings: {
      TELEGRAM_BOT_TOKEN: { default: null, text: 'As @BotFather gives it; without one Telegram is off' },
      TELEGRAM_CHAT_ID: { default: null, text: 'The chat for alerts and approval cards' },
      TELEGRAM_EXTRA_CHAT_IDS: { default: null, text: 'Further chats that an approval may name' },
      TELEGRAM_APPROVER_IDS: {
        default: null,
        text: 'Numeric ids of the people who may decide and give commands, separated by commas; empty means nobody',
      },
      TELEGRAM_API_ROOT: { default: 'https://api.telegram.org', text: 'Another Bot API server' },
    },
  },
  {
    title: 'Approvals, policy and spending',
    settings: {
      APPROVAL_TTL_SECONDS: {
        default: '14400',
        text: 'How long an approval waits for a decision before it expires',
      },
      APPROVAL_GRANT_SECONDS: {
        default: '600',
        text: 'How long an approval can be redeemed once it is given',
      },
      POLICY_FILE: {
        default: 'config/policy.yaml',
        text: 'The policy; a changed file is in force within seconds',
      },
      MAX_SPEND_PER_TASK: { default: '1000.00', text: 'USD; a guard request that costs more is denied' },
      DAILY_BUDGET: { default: '5000.00', text: 'USD that the tasks of a user may spend per day (UTC)' },
      CALLBACK_ORIGINS: {
        default: null,
        example: 'https://agents.example.com',
        text: 'Origins that the callback_url of an approval may lead to, separated by commas',
      },
      CALLBACK_SECRET: {
        default: null,
        text: 'Signs callbacks (Standard Webhooks, whsec_...); needed with CALLBACK_ORIGINS',
      },
      SIGNING_REQUIRED: {
        default: 'false',
        text: 'Whether agents must sign the calls that redeem approvals (Standard Webhooks)',
      },
      SIGNING_SECRET: { default: null, text: 'What they sign with (whsec_...)' },
      AGENT_KEYS_REQUIRED: {
        default: 'false',
        text: 'Whether only agents with keys of their own may ask, redeem, report and write events',
      },
    },
  },
  {
    title: 'Tasks',
    settings: {
      BRAVE_API_KEY: {
        default: null,
        text: 'Brave Search, for research; without it a research task says that it is missing',
      },
      BRAVE_BASE_URL: { default: 'https://api.search.brave.com', text: 'Another address of it' },
      GROQ_API_KEY: {
        default: null,
        text: 'Groq, the language model that is asked first. Without Groq and Gemini the sentences of docs/tasks.md are understood, and summaries are extracts',
      },
      GROQ_BASE_URL: {
        default: 'https://api.groq.com/openai/v1',
        text: 'Another address of it, or of another service with its API; ends in /openai/v1',
      },
      GROQ_MODEL: {
        default: 'openai/gpt-oss-120b',
        text: 'Its model; prices are in config/model-prices.yaml',
      },
      GEMINI_API_KEY: {
        default: null,
        text: 'Gemini, the language model that is asked when Groq is not there',
      },
      GEMINI_BASE_URL: {
        default: 'https://generativelanguage.googleapis.com/v1beta',
        text: 'Another address of it',
      },
      GEMINI_MODEL: {
        default: 'gemini-2.5-flash',
        text: 'Its model; prices are in config/model-prices.yaml',
      },
      RESEND_API_KEY: { default: null, text: 'Resend, which sends e-mail; without it no e-mail can be sent' },
      RESEND_BASE_URL: { default: 'https://api.resend.com', text: 'Another address of it' },
      RESEND_FROM: {
        default: null,
        example: "'Plane <plane@example.com>'",
        text: 'The sender of e-mail, of a domain that Resend has verified; needed with RESEND_API_KEY',
      },
      COINGECKO_API_KEY: {
        default: null,
        text: 'CoinGecko, which tells prices for purchases; works without a key at a low rate',
      },
      COINGECKO_BASE_URL: { default: 'https://api.coingecko.com/api/v3', text: 'Another address of it' },
      PAYMENT_PROVIDER: {
        default: 'ledger',
        text: 'How purchases are paid: ledger only records them in the database, stripe charges',
      },
      STRIPE_SECRET_KEY: { default: null, text: 'Needed with PAYMENT_PROVIDER=stripe' },
      STRIPE_PAYMENT_METHOD: {
        default: null,
        example: 'pm_...',
        text: "What Stripe charges; without it Stripe's test card, which only a test key takes",
      },
      STRIPE_BASE_URL: { default: 'https://api.stripe.com', text: 'Another address of it' },
      PRICE_TOLERANCE_PERCENT: {
        default: '1',
        text: 'How far a price may have risen since it was approved; a purchase that would cost more is not made',
      },
    },
  },
  {
    title: 'Audit log',
    settings: {
      AUDIT_RETENTION_DAYS: { default: '90', text: 'Days that are kept' },
      AUDIT_QUEUE_LIMIT: {
        default: '1000',
        text: 'Jobs of up to 500 events that may wait before callers get 503',
      },
    },
  },
  {
    title: 'Supply-chain review',
    settings: {
      PROJECTS_CONFIG: {
        default: 'config/projects.yaml',
        text: 'Projects whose dependencies and files are watched; read at every review (docs/supply-chain.md)',
      },
      OSV_DATA: {
        default: null,
        text: 'A folder or zip of OSV advisories, for machines without network',
      },
    },
  },
  {
    title: 'Self-test, self-heal and schedules',
    settings: {
      SELFTEST_CONFIG: { default: 'config/selftest.yaml', text: 'Services and suites; read at every run' },
      ACD_URL: {
        default: 'http://127.0.0.1:3434',
        text: 'The coding agent that failing tests are handed to: ACD, or what serves its API, as `examples/acd-adapter` does (docs/self-heal.md)',
      },
      ACD_TIMEOUT_MINUTES: { default: '30', text: 'How long it has' },
      ACD_POLL_SECONDS: { default: '15', text: 'How often it is asked for its state' },
      ACD_TOKEN: { default: null, text: 'Its bearer token, if it wants one' },
      SCHEDULE_TZ: {
        default: 'UTC',
        text: 'Time zone of the cron table. A time that the clock skips comes as soon as it goes on; one that it shows twice comes once',
      },
    },
  },
  {
    title: 'Process',
    settings: {
      ACTP_SECRETS_DIR: {
        default: null,
        example: '/run/secrets',
        text: 'A folder with secrets, each in a file that is called like its setting; what is set otherwise wins',
      },
      ACTP_CONTAINER: {
        default: 'false',
        text: "Set by the container image: the gateway listens in the container's own network. npm start refuses it",
      },
      ACTP_HEARTBEAT_FILE: {
        default: null,
        text: 'Set by the container image: a file that an app writes every five seconds, for the health check',
      },
      ACTP_GATEWAY_URL: {
        default: null,
        text: 'Set by docker-compose.yml: where the self-test finds the gateway',
      },
      STOP_SECONDS: {
        default: '10',
        text: 'How long the plane may take to stop before what is left is killed (exit code 1); apps have two seconds less. Raise it on a slow machine',
      },
      LOG_LEVEL: { default: 'info', text: 'trace, debug (requests too), info, warn, error, fatal or silent' },
    },
  },
  {
    title: 'Traces',
    settings: {
      OTEL_EXPORTER_OTLP_ENDPOINT: {
        default: null,
        example: 'http://127.0.0.1:4318',
        text: 'Where traces are sent: an OTLP receiver over HTTP (protobuf), without `/v1/traces` (docs/observability.md); off without it',
      },
      OTEL_EXPORTER_OTLP_HEADERS: {
        default: null,
        example: "'authorization=Bearer%20...'",
        text: 'Headers for it, `name=value` with commas between; treated as a secret',
      },
      OTEL_TRACES_SAMPLER: {
        default: 'parentbased_always_on',
        text: 'Which traces are recorded: `always_on`, `always_off` or `traceidratio`, also with `parentbased_` before it, which heeds what a caller has decided',
      },
      OTEL_TRACES_SAMPLER_ARG: { default: '1', text: 'The ratio for `traceidratio`, from 0 to 1' },
    },
  },
];
