import type { Environment } from '@actp/shared/env-file/merge';
import { readPlaneSettings } from '@actp/shared/plane-settings';

// Of the stores that run here, of the address and of the folder: in use by what is not started anew.
const fixed = [
  'GATEWAY_HOST',
  'GATEWAY_PORT',
  'ACTP_DATA_DIR',
  'ACTP_POSTGRES_PASSWORD',
  'ACTP_JWT_SECRET',
  'ACTP_REDIS_PASSWORD',
  'STOP_SECONDS',
];
const storeAddresses = [
  'SUPABASE_URL',
  'SUPABASE_SERVICE_ROLE_KEY',
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_CLUSTER_NODES',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_NAME',
];

/** The settings that can be in force without a restart, and the names of those that have changed and cannot. */
export function withFixedSettings(
  running: Environment,
  wanted: Environment,
): { environment: Environment; needRestart: string[] } {
  const moved = embeddedOf(running) !== embeddedOf(wanted);
  const kept = moved ? [...fixed, ...storeAddresses] : fixed;
  const needRestart = kept.filter((name) => running[name] !== wanted[name]);
  const environment = { ...wanted };
  for (const name of needRestart) {
    const before = running[name];
    if (before === undefined) delete environment[name];
    else environment[name] = before;
  }
  return { environment, needRestart };
}

const embeddedOf = (settings: Environment): string => readPlaneSettings(settings).embedded.join();
