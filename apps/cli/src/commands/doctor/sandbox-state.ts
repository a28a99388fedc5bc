import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SandboxState } from '@actp/services/doctor/sandbox';
import type { PlaneSettings } from '@actp/shared/plane-settings';
import { readSelftestConfig } from '@actp/suites/config/read-selftest-config';
import { describeIsolation } from '@actp/suites/sandbox/isolation';
import { createSandboxes } from '@actp/suites/sandbox/sandboxes';

export interface SandboxSurroundings {
  root: string;
  dataDir: string;
  settings: Pick<PlaneSettings, 'SELFTEST_CONFIG' | 'POLICY_FILE'>;
  environment: Record<string, string | undefined>;
}

/** In what suites would run on this machine, and which are not to. A data folder that is not there yet is not made. */
export async function sandboxState(around: SandboxSurroundings): Promise<SandboxState> {
  if (existsSync(around.dataDir)) return tryOut(around);
  // Trying a sandbox takes a folder in it.
  const dataDir = await mkdtemp(join(tmpdir(), 'actp-doctor-'));
  try {
    return await tryOut({ ...around, dataDir });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function tryOut(around: SandboxSurroundings): Promise<SandboxState> {
  const { root: rootDir, dataDir, settings, environment: env } = around;
  const configFile = resolve(rootDir, settings.SELFTEST_CONFIG);
  const configFiles = [configFile, resolve(rootDir, settings.POLICY_FILE)];
  const [isolation, read] = await Promise.all([
    createSandboxes({ rootDir, dataDir, configFiles, env }).isolation(),
    readSelftestConfig(configFile),
  ]);
  return {
    isolation: isolation && describeIsolation(isolation),
    switchedOff: read.ok
      ? read.config.suites.filter(({ sandbox }) => sandbox === 'off').map(({ name }) => name)
      : [],
    problem: read.ok ? null : `SELFTEST_CONFIG: ${problemText(read.problems)}`,
  };
}

function problemText(
  problems: ReadonlyArray<{ line: number | null; path: string; message: string }>,
): string {
  const [first] = problems;
  if (first === undefined) return 'cannot be used';
  const where = first.line === null ? '' : `line ${first.line}: `;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${where}${first.path}${first.path === '' ? '' : ' '}${first.message}${more}`;
}
