import { StartupError } from '@actp/embedded/startup-error';
import type { PlaneSettings } from '../plane-settings.ts';
import { redisProblem } from './redis-problem.ts';
import { supabaseProblem } from './supabase-problem.ts';

/**
 * Looks whether the stores that run elsewhere can be used, before anything starts: apps would wait for them without an end.
 *
 * @throws StartupError naming the settings, within a few seconds
 */
export async function checkStores(settings: PlaneSettings): Promise<void> {
  const { embedded } = settings;
  const found = await Promise.all([
    embedded.includes('supabase') ? undefined : supabaseProblem(settings),
    embedded.includes('redis') ? undefined : redisProblem(settings),
  ]);
  const problems = found.filter((one) => one !== undefined);
  if (problems.length === 0) return;
  throw new StartupError(
    problems.map(({ problem }) => problem).join('\n'),
    problems.map(({ remedy }) => remedy).join('\n'),
  );
}
