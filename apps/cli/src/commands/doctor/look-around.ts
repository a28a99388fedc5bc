import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { databaseAppKey } from '@actp/db/access/app-key';
import { createDb } from '@actp/db/client';
import { runningStackEnv } from '@actp/embedded/addresses';
import type { StackEnv } from '@actp/embedded/stack-env';
import { checksOf } from '@actp/services/doctor/checks';
import type { Check } from '@actp/services/doctor/finding';
import { planeCheck, planeProcess } from '@actp/services/doctor/plane';
import { mergeUsableEnvironment } from '@actp/shared/env-file/merge';
import { readEnvFile } from '@actp/shared/env-file/read';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { readUsableSettings, type PlaneSettings } from '@actp/shared/plane-settings';
import { redisKind } from '@actp/shared/redis-target';
import { sandboxState } from './sandbox-state.ts';

// More than one look of the gateway: whoever asks here waits for a good answer.
const databaseMs = 5_000;

export interface Surroundings {
  checks: Check[];
  /** Ends the connections. */
  close(): Promise<void>;
}

/** Finds the installation that a command is about, whatever state it is in. */
export async function lookAround(
  root: string,
  envFile: string,
  outside: Record<string, string | undefined>,
): Promise<Surroundings> {
  // What is wrong with the file is said by the check that looks at it.
  const file = await readEnvFile(envFile).catch(() => undefined);
  const merged = mergeUsableEnvironment(file?.values ?? {}, outside);
  const { settings, environment, ...usable } = readUsableSettings(merged.environment);
  const problems = [...merged.problems, ...usable.problems];
  const dataDir = resolve(root, settings.ACTP_DATA_DIR);
  const pid = planeProcess(dataDir);
  const stores = storesOf(settings, pid === undefined ? undefined : stackOf(settings, dataDir));
  const log = createLogger({ app: 'doctor', level: 'silent' });
  const producer =
    pid === undefined || stores.redis === undefined
      ? undefined
      : createProducer({ redis: stores.redis, log });
  const { GATEWAY_HOST: host, GATEWAY_PORT: port, TELEGRAM_BOT_TOKEN: token } = settings;
  const allowedHost = settings.ALLOWED_HOSTS[0] ?? '127.0.0.1';
  const checks = checksOf({
    root,
    envFile,
    dataDir,
    plane: planeCheck({ dataDir, gateway: { host, port, allowedHost } }),
    planePid: () => pid,
    settingProblems: file === undefined ? undefined : problems,
    gateway: { host, port },
    policyFile: settings.POLICY_FILE,
    embedded: settings.embedded,
    ...stores,
    producer,
    telegram: token === undefined ? undefined : { token, apiRoot: settings.TELEGRAM_API_ROOT },
    chatId: settings.TELEGRAM_CHAT_ID,
    extraChatIds: settings.TELEGRAM_EXTRA_CHAT_IDS,
    approverIds: settings.TELEGRAM_APPROVER_IDS,
    codingAgent: {
      url: settings.ACD_URL,
      token: settings.ACD_TOKEN,
      configured: environment['ACD_URL'] !== undefined,
    },
    outside: environment,
    sandbox: () => sandboxState({ root, dataDir, settings, environment: outside }),
    versions: { release: releaseOf(root), node: process.version, platform: process.platform },
  });
  return { checks, close: async () => producer?.close() };
}

function stackOf(settings: PlaneSettings, dataDir: string): StackEnv | undefined {
  return runningStackEnv(dataDir, settings.embedded, {
    postgresPassword: settings.ACTP_POSTGRES_PASSWORD,
    jwtSecret: settings.ACTP_JWT_SECRET,
    redisPassword: settings.ACTP_REDIS_PASSWORD,
  });
}

/** The stores that can be asked: those elsewhere, and the embedded ones of a plane that runs. */
function storesOf(settings: PlaneSettings, stack: StackEnv | undefined) {
  const { embedded, REDIS_CLUSTER_NODES, REDIS_SENTINELS, REDIS_SENTINEL_NAME, REDIS_MIN_REPLICAS } =
    settings;
  const own = embedded.includes('redis');
  const redisUrl = own ? stack?.REDIS_URL : settings.REDIS_URL;
  const elsewhere = { REDIS_CLUSTER_NODES, REDIS_SENTINELS, REDIS_SENTINEL_NAME, REDIS_MIN_REPLICAS };
  const hasRedis = redisKind({ REDIS_URL: redisUrl, ...(own ? {} : elsewhere) }) !== undefined;
  const supabase = embedded.includes('supabase') ? stack : settings;
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL } = supabase ?? {};
  const target =
    SUPABASE_URL === undefined || SUPABASE_SERVICE_ROLE_KEY === undefined
      ? undefined
      : { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL };
  const DATABASE_APP_KEY = databaseAppKey(settings.DATABASE_APP_SECRET, 'cli');
  return {
    redis: hasRedis ? { REDIS_URL: redisUrl, ...elsewhere } : undefined,
    supabase: target,
    db: target && createDb({ ...target, DATABASE_APP_KEY }, 'cli', databaseMs),
  };
}

function releaseOf(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
