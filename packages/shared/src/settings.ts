import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback } from './loopback.ts';
import { redisNodes } from './redis-node.ts';
import { defaultSentinelName } from './redis-target.ts';
import { samplerNames } from './telemetry/sampler-names.ts';
import { webhookSecretForm } from './webhook-secret-form.ts';

/**
 * Every environment name, its form and its default, once. An app picks what it needs:
 * `parseConfig({ GATEWAY_PORT: settings.GATEWAY_PORT }, process.env)`.
 * Each schema takes the raw string (or undefined) and gives the typed value.
 */

const text = (rule = 'must be set') => z.string({ error: rule });

function wholeNumber(min: number, max: number) {
  const rule = `must be a whole number from ${min} to ${max}`;
  return text(rule)
    .regex(/^\d{1,15}$/, rule)
    .transform(Number)
    .refine((n) => n >= min && n <= max, rule);
}

const whole = (min: number, max: number, fallback: number) => wholeNumber(min, max).default(fallback);

// USD.
function amount(fallback: number) {
  const rule = 'must be an amount such as 1000.00, up to 2^53';
  return text(rule)
    .regex(/^\d{1,16}(\.\d{1,6})?$/, rule)
    .transform(Number)
    .refine((n) => n <= 2 ** 53, rule)
    .default(fallback);
}

function percent(fallback: number) {
  const rule = 'must be a percentage from 0 to 100, such as 1 or 0.5';
  return text(rule)
    .regex(/^\d{1,3}(\.\d{1,4})?$/, rule)
    .transform(Number)
    .refine((n) => n <= 100, rule)
    .default(fallback);
}

function url(...protocols: string[]) {
  const rule = `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`;
  return text(rule)
    .refine((v) => URL.canParse(v) && protocols.includes(new URL(v).protocol), rule)
    .transform((v) => v.replace(/\/+$/, ''));
}

function list<T>(rule: string, item: (entry: string) => T | undefined, fallback: T[] = []) {
  return text(rule)
    .transform((v, ctx) => {
      const items: T[] = [];
      for (const entry of v.split(',').map((e) => e.trim())) {
        if (entry === '') continue;
        const parsed = item(entry);
        if (parsed === undefined) {
          ctx.addIssue({ code: 'custom', message: rule });
          return z.NEVER;
        }
        items.push(parsed);
      }
      return items;
    })
    .default(fallback);
}

// 32 characters: shorter secrets can be guessed offline from one captured token (RFC 7518, 3.2).
const secret = text('must be set, with at least 32 characters').min(32, 'must have at least 32 characters');
const webhookSecret = text().regex(/^whsec_[A-Za-z0-9+/]{32,128}={0,2}$/, `must be ${webhookSecretForm}`);
const opaque = text().max(4096, 'must have at most 4096 characters');
// W3C Baggage without properties, as OpenTelemetry reads it.
const headerList = /^\s*[\w!#$%&'*+.^`|~-]+\s*=[^,]*(?:,\s*[\w!#$%&'*+.^`|~-]+\s*=[^,]*)*$/;
const telegramChat = /^-?\d{1,20}$/;
const chatRule = 'must be a numeric chat id';

function timeZone(value: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
}

function addressRange(entry: string): string | undefined {
  const [address = '', bits, ...more] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return undefined;
  const widest = version === 4 ? 32 : 128;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest);
  return fits ? entry : undefined;
}

function httpOrigin(entry: string): string | undefined {
  const url = URL.parse(entry);
  const plain = url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return plain ? url.origin : undefined;
}

export const settings = {
  // Everything listens on loopback alone; a proxy on this machine is who serves others.
  GATEWAY_HOST: text()
    .refine(isLoopback, 'must be a loopback address: 127.0.0.1, ::1 or localhost')
    .default('127.0.0.1'),
  GATEWAY_PORT: whole(1, 65_535, 8787),
  // Set by the image alone: listen in the container's own network.
  ACTP_CONTAINER: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .transform((word) => word === 'true'),
  // Set by the image alone: what the health check of the container looks at.
  ACTP_HEARTBEAT_FILE: text().optional(),
  // Set by docker-compose.yml alone: where the self-test finds the gateway.
  ACTP_GATEWAY_URL: url('http:', 'https:').optional(),
  // A folder with secrets, each in a file that is called like its setting.
  ACTP_SECRETS_DIR: text().optional(),
  WORKER_SECRET: secret,
  WORKER_SECRET_PREVIOUS: secret.optional(),
  SESSION_SECRET: secret,
  SESSION_SECRET_PREVIOUS: secret.optional(),
  SESSION_HOURS: whole(1, 12, 12),
  // Unset it depends on where the gateway listens.
  REGISTRATION: z.enum(['open', 'closed'], { error: 'must be open or closed' }).optional(),

  REDIS_URL: url('redis:', 'rediss:').optional(),
  REDIS_CLUSTER_NODES: redisNodes(6379),
  REDIS_SENTINELS: redisNodes(26_379),
  REDIS_SENTINEL_NAME: text()
    .regex(/^[\w.-]{1,128}$/, 'must be a name of letters, digits, dots and hyphens')
    .default(defaultSentinelName),
  REDIS_MIN_REPLICAS: wholeNumber(0, 5).optional(),
  SUPABASE_URL: url('http:', 'https:'),
  SUPABASE_SERVICE_ROLE_KEY: opaque,
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  ACTP_DATA_DIR: text().default('.actp'),
  // Unset it lies in the user's folder for state.
  ACTP_ANCHOR_FILE: text().min(1, 'must be the path of a file').optional(),

  TELEGRAM_BOT_TOKEN: text()
    .regex(/^\d{1,20}:[\w-]{20,100}$/, 'must be a bot token as @BotFather gives it')
    .optional(),
  TELEGRAM_CHAT_ID: text(chatRule).regex(telegramChat, chatRule).optional(),
  TELEGRAM_APPROVER_IDS: list('must be numeric user ids, separated by commas', (entry) =>
    /^\d{1,16}$/.test(entry) && Number.isSafeInteger(Number(entry)) ? Number(entry) : undefined,
  ),
  TELEGRAM_API_ROOT: url('http:', 'https:').default('https://api.telegram.org'),

  TELEGRAM_EXTRA_CHAT_IDS: list('must be numeric chat ids, separated by commas', (entry) =>
    telegramChat.test(entry) ? entry : undefined,
  ),

  APPROVAL_TTL_SECONDS: whole(1, 30 * 86_400, 14_400),
  APPROVAL_GRANT_SECONDS: whole(1, 86_400, 600),
  POLICY_FILE: text().default('config/policy.yaml'),
  MAX_SPEND_PER_TASK: amount(1_000),
  // Per user and day.
  DAILY_BUDGET: amount(5_000),
  // How purchases are paid, and how far a price may have risen since it was approved.
  PAYMENT_PROVIDER: z.enum(['ledger', 'stripe'], { error: 'must be ledger or stripe' }).default('ledger'),
  STRIPE_SECRET_KEY: opaque.optional(),
  STRIPE_PAYMENT_METHOD: text()
    .regex(/^pm_\w{1,250}$/, 'must be the id of a payment method (pm_...)')
    .optional(),
  STRIPE_BASE_URL: url('http:', 'https:').default('https://api.stripe.com'),
  PRICE_TOLERANCE_PERCENT: percent(1),
  // Services outside that the agents of tasks call.
  BRAVE_API_KEY: opaque.optional(),
  BRAVE_BASE_URL: url('http:', 'https:').default('https://api.search.brave.com'),
  GROQ_API_KEY: opaque.optional(),
  GROQ_BASE_URL: url('http:', 'https:').default('https://api.groq.com/openai/v1'),
  GROQ_MODEL: text().max(128).default('openai/gpt-oss-120b'),
  GEMINI_API_KEY: opaque.optional(),
  GEMINI_BASE_URL: url('http:', 'https:').default('https://generativelanguage.googleapis.com/v1beta'),
  GEMINI_MODEL: text().max(128).default('gemini-2.5-flash'),
  RESEND_API_KEY: opaque.optional(),
  RESEND_BASE_URL: url('http:', 'https:').default('https://api.resend.com'),
  RESEND_FROM: text().max(320).optional(),
  COINGECKO_API_KEY: opaque.optional(),
  COINGECKO_BASE_URL: url('http:', 'https:').default('https://api.coingecko.com/api/v3'),
  // Where an approval's callback_url may lead, and what signs it (Standard Webhooks).
  CALLBACK_ORIGINS: list('must be origins such as https://example.com, separated by commas', httpOrigin),
  CALLBACK_SECRET: webhookSecret.optional(),
  CALLBACK_SECRET_PREVIOUS: webhookSecret.optional(),
  // Whether agents must sign their critical calls (Standard Webhooks), and with what.
  SIGNING_REQUIRED: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .transform((word) => word === 'true'),
  SIGNING_SECRET: webhookSecret.optional(),
  SIGNING_SECRET_PREVIOUS: webhookSecret.optional(),

  // Whether only agents with keys of their own may ask, redeem, report and write events.
  AGENT_KEYS_REQUIRED: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .transform((word) => word === 'true'),

  AUDIT_RETENTION_DAYS: whole(1, 36_500, 90),
  // Jobs of up to 500 events that may wait before callers hear 503.
  AUDIT_QUEUE_LIMIT: whole(1, 1_000_000, 1_000),
  // Signs the checkpoints of the audit log; only the auditor has it. The Ed25519 key is made from it.
  AUDIT_SIGNING_KEY: secret,
  AUDIT_SIGNING_KEY_PREVIOUS: secret.optional(),

  // Makes the fingerprints of redacted secrets the same in every app and after a restart.
  REDACTION_KEY: secret.optional(),

  // Encrypts backups; with it they hold the settings and secrets of the plane.
  BACKUP_PASSPHRASE: text('must have at least 12 characters')
    .min(12, 'must have at least 12 characters')
    .optional(),

  RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000, 60),
  RATE_LIMIT_PER_USER: whole(1, 1_000_000, 600),
  RATE_LIMIT_PER_AGENT: whole(1, 1_000_000, 6_000),
  // Per account, also from this machine.
  LOGIN_FAILURES_PER_15_MINUTES: whole(1, 1_000_000, 10),
  TRUSTED_PROXIES: list('must be addresses or CIDR ranges, separated by commas', addressRange),
  ALLOWED_HOSTS: list(
    'must be host names, separated by commas',
    (entry) => (/^(\[[0-9a-fA-F:]+\]|[\w.-]+)$/.test(entry) ? entry.toLowerCase() : undefined),
    ['127.0.0.1', 'localhost', '[::1]'],
  ),

  // The coding-agent service that failing tests are handed to, and how long it has.
  ACD_URL: url('http:', 'https:').default('http://127.0.0.1:3434'),
  ACD_TIMEOUT_MINUTES: whole(1, 1_440, 30),
  ACD_POLL_SECONDS: whole(1, 600, 15),
  ACD_TOKEN: opaque.optional(),

  SELFTEST_CONFIG: text().default('config/selftest.yaml'),
  PROJECTS_CONFIG: text().default('config/projects.yaml'),
  OSV_DATA: text().optional(),
  SCHEDULE_TZ: text()
    .refine(timeZone, 'must be an IANA time zone, for instance Europe/Berlin')
    .default('UTC'),
  OPERATOR_EMAIL: text()
    .regex(/^[^\s@]{1,64}@[^\s@]{1,255}$/, 'must be an e-mail address')
    .transform((v) => v.toLowerCase())
    .default('operator@actp.local'),
  OPERATOR_PASSWORD: text('must be set, with at least 12 characters').min(
    12,
    'must have at least 12 characters',
  ),
  // How long the whole plane may take to stop before what is left is killed; apps have two seconds less.
  STOP_SECONDS: whole(3, 3_600, 10),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    })
    .default('info'),

  // Where traces go (OTLP over HTTP); OpenTelemetry's own names. The headers usually hold a credential.
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:').optional(),
  OTEL_EXPORTER_OTLP_HEADERS: opaque
    .regex(headerList, 'must be headers as name=value, separated by commas')
    .optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(samplerNames, { error: `must be one of ${samplerNames.join(', ')}` })
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: text()
    .regex(/^(?:0?\.\d{1,9}|[01](?:\.0{1,9})?)$/, 'must be a ratio from 0 to 1, such as 0.1')
    .transform(Number)
    .default(1),
} as const;
