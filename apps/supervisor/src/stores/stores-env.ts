import { join, resolve } from 'node:path';
import { runningStackEnv } from '@actp/embedded/addresses';
import type { StackEnv } from '@actp/embedded/stack';
import { StartupError } from '@actp/embedded/startup-error';
import { readEnvFile } from '../env-file.ts';
import { mergeEnvironment } from '../environment.ts';
import { readPlaneSettings } from '../plane-settings.ts';

/**
 * What the embedded stores of a running copy are reached with. The service-role key is made from ACTP_JWT_SECRET and stands
 * nowhere: only this says it.
 *
 * @param root the repository root
 * @throws StartupError when no copy runs there, ConfigError when the settings cannot be used
 */
export async function storesEnv(
  root: string,
  environment: Record<string, string | undefined>,
): Promise<StackEnv> {
  const file = await readEnvFile(join(root, '.env'));
  const settings = readPlaneSettings(mergeEnvironment(file.values, environment));
  const env = runningStackEnv(resolve(root, settings.ACTP_DATA_DIR), settings.embedded, {
    postgresPassword: settings.ACTP_POSTGRES_PASSWORD,
    jwtSecret: settings.ACTP_JWT_SECRET,
    redisPassword: settings.ACTP_REDIS_PASSWORD,
  });
  if (env !== undefined) return env;
  throw new StartupError(
    'No copy runs with this ACTP_DATA_DIR.',
    'Start it (npm start), or set ACTP_DATA_DIR to the one of the copy that you mean.',
  );
}
