import { loadPolicy } from '@actp/policy/load-policy';
import { anchorPlace } from '@actp/services/anchor/anchor-place';
import { mergeEnvironment } from '@actp/shared/env-file/merge';
import { readEnvFile } from '@actp/shared/env-file/read';
import { ConfigError } from '@actp/shared/errors';
import { readPlaneSettings, type PlaneSettings } from '@actp/shared/plane-settings';
import { useExtraCertificates } from './extra-certificates.ts';

/**
 * Reads and checks everything that is set, without making anything.
 *
 * @throws ConfigError that names every bad key, or AppError about the policy
 */
export async function checkSettings(
  root: string,
  envFile: string,
  outside: Record<string, string | undefined>,
): Promise<PlaneSettings> {
  const merged = mergeEnvironment((await readEnvFile(envFile)).values, outside);
  const checked = readPlaneSettings(merged);
  if (checked.ACTP_CONTAINER) {
    const rule = 'is for the container image alone; npm start listens on loopback. Remove it';
    throw new ConfigError([{ key: 'ACTP_CONTAINER', rule }]);
  }
  useExtraCertificates(root, merged);
  await loadPolicy(checked.POLICY_FILE);
  await checkAnchorPlace(root, checked);
  return checked;
}

// The auditor works out where it lies; a place that is no good is said before anything is started.
async function checkAnchorPlace(
  root: string,
  { ACTP_ANCHOR_FILE, ACTP_DATA_DIR }: PlaneSettings,
): Promise<void> {
  if (ACTP_ANCHOR_FILE === undefined) return;
  const nowhere = { stateHome: undefined, home: undefined };
  await anchorPlace({ configured: ACTP_ANCHOR_FILE, root, dataDir: ACTP_DATA_DIR, ...nowhere });
}
