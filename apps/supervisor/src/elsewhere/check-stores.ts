import { StartupError } from '@actp/embedded/startup-error';
import type { PlaneSettings } from '../plane-settings.ts';
import { lookAtRedis } from './redis-problem.ts';
import type { StoreLook, Waiting } from './store-problem.ts';
import { supabaseProblem } from './supabase-problem.ts';

const noLook: StoreLook = {};

/**
 * Looks whether the stores that run elsewhere can be used, before anything starts: apps would wait for them without an end.
 *
 * @returns what may be lost with them, for people
 * @throws StartupError naming the settings, within a few seconds
 */
export async function checkStores(settings: PlaneSettings, waiting: Waiting): Promise<string[]> {
  const { embedded } = settings;
  const [supabase, redis] = await Promise.all([
    embedded.includes('supabase') ? undefined : supabaseProblem(settings),
    embedded.includes('redis') ? noLook : lookAtRedis(settings, waiting),
  ]);
  const problems = [supabase, redis.problem].filter((one) => one !== undefined);
  if (problems.length === 0) return redis.warning === undefined ? [] : [redis.warning];
  throw new StartupError(
    problems.map(({ problem }) => problem).join('\n'),
    problems.map(({ remedy }) => remedy).join('\n'),
  );
}
