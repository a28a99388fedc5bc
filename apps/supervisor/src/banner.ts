import type { StackEnv } from '@actp/embedded/stack-env';
import type { PlaneSettings } from '@actp/shared/plane-settings';
import { shellWord } from './shell-word.ts';

export interface BannerFacts {
  settings: PlaneSettings;
  stack: StackEnv;
  envFile: string;
  /** Whether the operator's password comes from the environment and not from `envFile`. */
  passwordFromEnvironment: boolean;
  dataDir: string;
  seconds: number;
  /** What keeps the suites of the self-test apart, in one line. */
  suites: string;
  /** What may be lost with stores that run elsewhere. */
  warnings: readonly string[];
  /** Why nothing is released or decided. */
  held?: string | undefined;
}

/** What runs where, how to log in and what to try next. Names where a password is kept and never holds one. */
export function banner(facts: BannerFacts): string {
  const { settings, stack, envFile, dataDir } = facts;
  const gateway = gatewayUrl(settings.GATEWAY_HOST, settings.GATEWAY_PORT);
  const password = facts.passwordFromEnvironment
    ? 'OPERATOR_PASSWORD in the environment'
    : `OPERATOR_PASSWORD in ${envFile}`;
  const rows: ReadonlyArray<readonly [string, string]> = [
    ['Gateway', gateway],
    ['Dashboard', `${gateway}/dashboard`],
    ['API', `${gateway}/docs`],
    ['Supabase', stack.SUPABASE_URL ?? where(settings.SUPABASE_URL)],
    ['Postgres', stack.DATABASE_URL === undefined ? 'external' : where(stack.DATABASE_URL)],
    ['Redis', redisAddress(settings, stack)],
    ...(Object.keys(stack).length === 0
      ? []
      : [['Keys', `${storesCommand(settings.ACTP_DATA_DIR)}  (for Supabase, Postgres and Redis)`] as const]),
    ['Data', `${shellWord(dataDir)}  (logs in logs/)`],
    ['Log in', `${settings.OPERATOR_EMAIL}, password: ${password}`],
    ['Telegram', telegram(settings)],
    ['Approvals', 'npm run approvals -- list --follow  (without Telegram)'],
    ['Suites', `run ${facts.suites}`],
  ];
  const table = rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`).join('\n');
  return `
actp-worker is ${facts.held === undefined ? 'ready' : 'HELD'} (${facts.seconds.toFixed(1)} s)
${facts.held === undefined ? '' : `\n${facts.held}. docs/operations.md says more.\n`}
${table}
${facts.warnings.map((warning) => `\n${warning}\n`).join('')}
Try next:
  set -a; . ${shellWord(envFile)}; set +a
  curl -X POST -H "Authorization: Bearer $WORKER_SECRET" ${gateway}/v1/jobs/selftest
  curl -H "Authorization: Bearer $WORKER_SECRET" '${gateway}/v1/health/snapshots?limit=1'

Ctrl-C stops everything.
`;
}

// Another copy's folder has to be named.
function storesCommand(dataDir: string): string {
  return dataDir === '.actp' ? 'npm run stores' : `ACTP_DATA_DIR=${shellWord(dataDir)} npm run stores`;
}

// An IPv6 address stands in brackets there.
function gatewayUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function telegram(settings: PlaneSettings): string {
  if (settings.TELEGRAM_BOT_TOKEN === undefined) {
    return 'off; set TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID and TELEGRAM_APPROVER_IDS';
  }
  if (settings.TELEGRAM_CHAT_ID === undefined) return 'on, but alerts need TELEGRAM_CHAT_ID';
  if (settings.TELEGRAM_APPROVER_IDS.length === 0) {
    return 'on, but nobody can decide until TELEGRAM_APPROVER_IDS is set';
  }
  return 'on';
}

function redisAddress(settings: PlaneSettings, stack: StackEnv): string {
  const { REDIS_CLUSTER_NODES: nodes, REDIS_SENTINELS: sentinels, REDIS_SENTINEL_NAME: name } = settings;
  const listed = [...nodes, ...sentinels].map(({ host, port }) => `${host}:${port}`).join(', ');
  if (sentinels.length > 0) return `${name}, by the Sentinels ${listed}`;
  if (listed !== '') return listed;
  return where(stack.REDIS_URL ?? settings.REDIS_URL ?? '');
}

// Host and port alone: the rest of such a URL can hold a password.
function where(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'unknown';
}
