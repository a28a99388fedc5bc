import { ConfigError } from './errors.ts';

export type EmbeddedStore = 'supabase' | 'redis';

/** The settings that say where stores run elsewhere. */
export interface StoreSettings {
  SUPABASE_URL?: string | undefined;
  SUPABASE_SERVICE_ROLE_KEY?: string | undefined;
  REDIS_URL?: string | undefined;
  REDIS_CLUSTER_NODES?: readonly unknown[] | undefined;
  REDIS_SENTINELS?: readonly unknown[] | undefined;
}

/**
 * Which stores the plane runs itself, because no address was given.
 *
 * @throws ConfigError when only one of SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY is set
 */
export function embeddedStores(settings: StoreSettings): EmbeddedStore[] {
  const hasUrl = settings.SUPABASE_URL !== undefined;
  const hasKey = settings.SUPABASE_SERVICE_ROLE_KEY !== undefined;
  if (hasUrl !== hasKey) {
    const key = hasUrl ? 'SUPABASE_SERVICE_ROLE_KEY' : 'SUPABASE_URL';
    const other = hasUrl ? 'SUPABASE_URL' : 'SUPABASE_SERVICE_ROLE_KEY';
    throw new ConfigError([{ key, rule: `must be set together with ${other}, or neither of them` }]);
  }
  const { REDIS_CLUSTER_NODES: nodes = [], REDIS_SENTINELS: sentinels = [] } = settings;
  const hasRedis = settings.REDIS_URL !== undefined || nodes.length > 0 || sentinels.length > 0;
  return [...(hasUrl ? [] : ['supabase' as const]), ...(hasRedis ? [] : ['redis' as const])];
}
