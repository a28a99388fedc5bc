import { embeddedStores } from '@actp/shared/embedded-stores';
import { redisShape, type RedisTarget } from '@actp/shared/redis';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';

const shape = {
  ...redisShape,
  SUPABASE_URL: settings.SUPABASE_URL.optional(),
  SUPABASE_SERVICE_ROLE_KEY: settings.SUPABASE_SERVICE_ROLE_KEY.optional(),
  DATABASE_URL: settings.DATABASE_URL,
};

export interface PlaneStores {
  /** Of the owner of the plane's tables. */
  databaseUrl: string;
  redis: RedisTarget;
}

/** The stores of the running plane, as their owner reaches them. @throws CliError with a remedy */
export async function planeStores({ plane }: Cli): Promise<PlaneStores> {
  const configured = await plane.settings(shape);
  const embedded = embeddedStores(configured);
  const stack = embedded.length > 0 ? await plane.embeddedStores() : {};
  const databaseUrl = embedded.includes('supabase') ? stack.DATABASE_URL : configured.DATABASE_URL;
  if (databaseUrl === undefined) throw noOwner();
  return {
    databaseUrl,
    redis: embedded.includes('redis') ? { ...configured, REDIS_URL: stack.REDIS_URL } : configured,
  };
}

/** The database of one's own, as its owner reaches it; undefined when it is the embedded one. @throws CliError with a remedy */
export async function ownDatabase({ plane }: Cli): Promise<string | undefined> {
  const configured = await plane.settings(shape);
  if (embeddedStores(configured).includes('supabase')) return undefined;
  if (configured.DATABASE_URL === undefined) throw noOwner();
  return configured.DATABASE_URL;
}

const noOwner = () =>
  new CliError(
    'DATABASE_URL is not set: the tables are read and written as their owner.\n' +
      'Set it to the connection string of the project (not in transaction mode), as for npm start.',
  );
