import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type { Db } from '@actp/db/client';
import { checksOf } from '@actp/services/doctor/checks';
import { examine, type Examination } from '@actp/services/doctor/examine';
import { ok } from '@actp/services/doctor/finding';
import { planeProcess } from '@actp/services/doctor/plane';
import type { ConfigOf } from '@actp/shared/config';
import type { Producer } from '@actp/shared/jobs/producer';
import type { settings } from '@actp/shared/settings';

export interface Doctor {
  examine(): Promise<Examination>;
}

type Env = Pick<
  ConfigOf<typeof settings>,
  | 'GATEWAY_HOST'
  | 'POLICY_FILE'
  | 'REDIS_URL'
  | 'REDIS_CLUSTER_NODES'
  | 'REDIS_SENTINELS'
  | 'REDIS_SENTINEL_NAME'
  | 'REDIS_MIN_REPLICAS'
  | 'SUPABASE_URL'
  | 'SUPABASE_SERVICE_ROLE_KEY'
  | 'TELEGRAM_BOT_TOKEN'
  | 'TELEGRAM_API_ROOT'
  | 'TELEGRAM_CHAT_ID'
  | 'TELEGRAM_EXTRA_CHAT_IDS'
  | 'TELEGRAM_APPROVER_IDS'
  | 'ACD_URL'
>;

export interface DoctorDeps {
  env: Env;
  db: Db;
  producer: Producer;
  dataDir: string;
  /** From which the settings came that run; undefined: from the environment alone. */
  envFile: string | undefined;
  /** Where the gateway listens. */
  port: () => number;
}

const root = resolve(import.meta.dirname, '../../..');
const withinMs = 10_000;
// An examination asks Telegram and each queue: pages that look again and again share one.
const shareForMs = 3_000;

/** The checks of `npm run doctor`, as far as the gateway has what they need; it is not given the keys of services for tasks. */
export function createDoctor(deps: DoctorDeps): Doctor {
  let last: { at: number; examination: Promise<Examination> } | undefined;
  return {
    examine() {
      if (!last || performance.now() - last.at > shareForMs) {
        last = { at: performance.now(), examination: examine(checks(deps), withinMs) };
      }
      return last.examination;
    },
  };
}

function checks({ env, db, producer, dataDir, envFile, port }: DoctorDeps) {
  const pid = planeProcess(dataDir) ?? process.pid;
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot } = env;
  return checksOf({
    root,
    envFile,
    dataDir,
    plane: { name: 'plane', look: async () => ok('plane', 'runs, and this gateway answers') },
    planePid: () => pid,
    // It has not started with one that cannot be used.
    settingProblems: [],
    gateway: { host: env.GATEWAY_HOST, port: port() },
    policyFile: env.POLICY_FILE,
    // An app is not told who runs its stores, and ACD_TOKEN is not for the gateway.
    embedded: undefined,
    redis: env,
    supabase: env,
    db,
    producer,
    telegram: token === undefined ? undefined : { token, apiRoot },
    chatId: env.TELEGRAM_CHAT_ID,
    extraChatIds: env.TELEGRAM_EXTRA_CHAT_IDS,
    approverIds: env.TELEGRAM_APPROVER_IDS,
    codingAgent: { url: env.ACD_URL, token: null, configured: false },
    outside: undefined,
    sandbox: undefined,
    versions: { release: release(), node: process.version, platform: process.platform },
  });
}

function release(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
