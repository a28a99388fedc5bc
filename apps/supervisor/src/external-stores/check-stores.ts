import { StartupError } from '@actp/embedded/startup-error';
import type { PlaneSettings } from '@actp/shared/plane-settings';
import { checkRedis } from '@actp/services/stores/check-redis';
import type { StoreCheck, WaitOptions } from '@actp/services/stores/store-problem';
import { checkSupabase } from '@actp/services/stores/check-supabase';

const noProblem: StoreCheck = {};

/**
 * Checks that the external stores can be used before anything starts: apps would wait for them forever.
 *
 * @returns warnings about possible data loss
 * @throws StartupError naming the settings, within a few seconds
 */
export async function checkStores(settings: PlaneSettings, wait: WaitOptions): Promise<string[]> {
  const { embedded } = settings;
  const [supabase, redis] = await Promise.all([
    embedded.includes('supabase') ? undefined : checkSupabase(settings),
    embedded.includes('redis') ? noProblem : checkRedis(settings, wait),
  ]);
  const problems = [supabase, redis.problem].filter((one) => one !== undefined);
  if (problems.length === 0) return redis.warning === undefined ? [] : [redis.warning];
  throw new StartupError(
    problems.map(({ problem }) => problem).join('\n'),
    problems.map(({ remedy }) => remedy).join('\n'),
  );
}
