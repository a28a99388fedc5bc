import { databaseAppKey, type DatabaseApp } from '@actp/db/access/app-key';
import { postgresUrl, redisUrl } from '@actp/embedded/addresses';
import { mintServiceRoleKey } from '@actp/embedded/keys';
import { redisConfig } from '@actp/embedded/redis-config';
import { envWord } from '@actp/shared/env-file/edit';
import { isSecretSetting } from '@actp/shared/secret-values';
import { databaseAppOf, processSettings } from '../app-environment.ts';
import { apps } from '../apps.ts';

/** Secrets by name. */
export type Secrets = Readonly<Record<string, string>>;

/** Which files each service finds in its folder of secrets: folder, then file, then content. */
export type SecretPlan = Readonly<Record<string, Secrets>>;

// The names of the services in docker-compose.yml.
const postgresHost = { host: 'postgres', port: 5432 };
const redisHost = { host: 'redis', port: 6379 };

/**
 * Says which service gets which secret: an app those of the settings that it reads (apps.ts), and the key of the database that is its own; a
 * store its password. Nobody gets DATABASE_APP_SECRET but the job that registers the keys.
 *
 * @param secrets what is set and what was generated, with nothing of `generatedNames` missing
 */
export function planSecrets(secrets: Secrets): SecretPlan {
  const all = { ...secrets, ...storeSecrets(secrets) };
  const pick = (names: readonly string[]): Secrets =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = all[name];
        return value === undefined || value === '' || !isSecretSetting(name) ? [] : [[name, value]];
      }),
    );
  const key = (app: DatabaseApp) => ({
    DATABASE_APP_KEY: databaseAppKey(valueOf(all, 'DATABASE_APP_SECRET'), app),
  });
  const ofApps = apps.map(({ name, settings }) => {
    const app = databaseAppOf[name];
    return [name, { ...pick([...settings, ...processSettings]), ...(app === undefined ? {} : key(app)) }];
  });
  return {
    ...Object.fromEntries(ofApps),
    migrate: pick([
      'DATABASE_URL',
      'DATABASE_APP_SECRET',
      'REDACTION_KEY',
      // A project of one's own has its roles.
      ...(ownDatabase(secrets) ? ['ACTP_AUTHENTICATOR_PASSWORD'] : []),
    ]),
    cli: {
      ...pick(cliSettings),
      ...key('cli'),
      env: envFileOf(secrets),
    },
    postgres: { password: valueOf(all, 'ACTP_POSTGRES_PASSWORD') },
    postgrest: {
      'db-uri': postgresUrl(
        postgresHost.port,
        'authenticator',
        valueOf(all, 'ACTP_AUTHENTICATOR_PASSWORD'),
        postgresHost.host,
      ),
      'jwt-secret': valueOf(all, 'ACTP_JWT_SECRET'),
    },
    redis: {
      password: valueOf(all, 'ACTP_REDIS_PASSWORD'),
      'redis.conf': redisConfig({
        port: redisHost.port,
        bind: '*',
        directory: '/data',
        password: valueOf(all, 'ACTP_REDIS_PASSWORD'),
        // Nobody is there who would repair it, and what is cut off was never acknowledged.
        loadTruncated: true,
      }),
    },
  };
}

/**
 * What `npm run backup` takes for `.env`: the secrets that belong to the data, and not those of the stores, which a plane elsewhere has for
 * itself.
 */
function envFileOf(secrets: Secrets): string {
  const kept = Object.entries(secrets)
    .filter(([name]) => !/^(?:ACTP_|REDIS_|SUPABASE_|DATABASE_URL)/.test(name))
    .toSorted(([a], [b]) => a.localeCompare(b));
  return kept.map(([name, value]) => `${name}=${envWord(name, value)}\n`).join('');
}

// What its commands ask for (docs/compose.md).
const cliSettings = [
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_CLUSTER_NODES',
  'REDIS_SENTINELS',
  'SUPABASE_SERVICE_ROLE_KEY',
  'WORKER_SECRET',
  'AUDIT_SIGNING_KEY',
  'DATABASE_APP_SECRET',
  'REDACTION_KEY',
];

const ownDatabase = (secrets: Secrets) => !secrets['SUPABASE_SERVICE_ROLE_KEY'];

/** How the stores of the file are reached, as far as nobody has named others. */
function storeSecrets(secrets: Secrets): Secrets {
  const ownRedis = !['REDIS_URL', 'REDIS_CLUSTER_NODES', 'REDIS_SENTINELS'].some((name) => secrets[name]);
  return {
    ...(ownRedis
      ? { REDIS_URL: redisUrl(redisHost.port, valueOf(secrets, 'ACTP_REDIS_PASSWORD'), redisHost.host) }
      : {}),
    ...(ownDatabase(secrets)
      ? {
          SUPABASE_SERVICE_ROLE_KEY: mintServiceRoleKey(valueOf(secrets, 'ACTP_JWT_SECRET')),
          DATABASE_URL: postgresUrl(
            postgresHost.port,
            'postgres',
            valueOf(secrets, 'ACTP_POSTGRES_PASSWORD'),
            postgresHost.host,
          ),
        }
      : {}),
  };
}

function valueOf(secrets: Secrets, name: string): string {
  const value = secrets[name];
  if (value === undefined) throw new Error(`${name} was not generated`);
  return value;
}
