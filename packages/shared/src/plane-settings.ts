import { parseConfig, type ConfigOf } from './config.ts';
import { embeddedStores, type EmbeddedStore } from './embedded-stores.ts';
import { ConfigError } from './errors.ts';
import type { Environment } from './env-file/merge.ts';
import { generatedNames } from './generated-secrets.ts';
import { settings } from './settings.ts';
import { assertTogether } from './settings-together.ts';
import { unsupportedTracing } from './telemetry/unsupported.ts';

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
  const untraceable = unsupportedTracing(environment);
  if (untraceable.length > 0) throw new ConfigError(untraceable);
  return { ...values, embedded: embeddedStores({ ...values, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY }) };
}

export interface SettingProblem {
  key: string;
  rule: string;
}

/** Settings as far as they can be used, and what is wrong with each of the others. */
export interface UsableSettings {
  settings: PlaneSettings;
  problems: readonly SettingProblem[];
  /** What was read, without the settings that cannot be used. */
  environment: Environment;
}

/** The settings without those that cannot be used: what looks at an installation goes on with the rest. */
export function readUsableSettings(environment: Environment): UsableSettings {
  const problems: SettingProblem[] = [];
  let usable = environment;
  for (;;) {
    try {
      return { settings: readPlaneSettings(usable), problems, environment: usable };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const remaining = withoutBroken(usable, error.keys);
      problems.push(...error.problems);
      if (Object.keys(remaining).length === Object.keys(usable).length) throw error;
      usable = remaining;
    }
  }
}

// A setting that misses another one goes together with it.
const partners: Readonly<Record<string, string>> = {
  SUPABASE_URL: 'SUPABASE_SERVICE_ROLE_KEY',
  SUPABASE_SERVICE_ROLE_KEY: 'SUPABASE_URL',
  CALLBACK_SECRET: 'CALLBACK_ORIGINS',
  SIGNING_SECRET: 'SIGNING_REQUIRED',
  STRIPE_SECRET_KEY: 'PAYMENT_PROVIDER',
};

function withoutBroken(environment: Environment, keys: readonly string[]): Environment {
  const gone = new Set(keys.map((key) => (key in environment ? key : (partners[key] ?? key))));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !gone.has(name)));
}
