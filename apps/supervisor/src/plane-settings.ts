import { parseConfig, type ConfigOf } from '@actp/shared/config';
import { embeddedStores, type EmbeddedStore } from '@actp/shared/embedded-stores';
import { settings } from '@actp/shared/settings';
import { assertTogether } from '@actp/shared/settings-together';
import { generatedNames } from './env-file.ts';
import type { Environment } from '@actp/shared/env-file/merge';

// The same rule as every other secret: at least 32 characters.
const shape = {
  ...settings,
  DATABASE_APP_SECRET: settings.SESSION_SECRET,
  ACTP_POSTGRES_PASSWORD: settings.SESSION_SECRET,
  ACTP_JWT_SECRET: settings.SESSION_SECRET,
  ACTP_REDIS_PASSWORD: settings.SESSION_SECRET,
};

export interface PlaneSettings extends ConfigOf<typeof shape> {
  /** Which stores have to be started here, because no address was given. */
  embedded: readonly EmbeddedStore[];
}

// Stand in for what is only known later, so that everything else can be checked first.
const placeholder = 'x'.repeat(64);
const later = {
  ...Object.fromEntries(generatedNames.map((name) => [name, placeholder])),
  SUPABASE_URL: 'http://127.0.0.1',
  SUPABASE_SERVICE_ROLE_KEY: placeholder,
};

/**
 * Checks every setting of every app before anything starts.
 *
 * @throws ConfigError naming all keys that cannot be used, never a value
 */
export function readPlaneSettings(environment: Environment): PlaneSettings {
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = environment;
  embeddedStores({ SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY });
  const values = parseConfig(shape, { ...later, ...environment });
  assertTogether(values);
  return { ...values, embedded: embeddedStores({ ...values, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY }) };
}
