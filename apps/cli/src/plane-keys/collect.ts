import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Keys } from '@actp/db/backup/format';
import type { Environment } from '@actp/shared/env-file/merge';
import { generatedNames } from '@actp/shared/generated-secrets';
import { settings } from '@actp/shared/settings';

/** Where stores and data are is a matter of the machine: a restore says it anew. The passphrase is kept elsewhere. */
const ofTheMachine =
  /^(?:REDIS_(?:URL|CLUSTER_NODES|SENTINEL\w*|MIN_REPLICAS)|SUPABASE_\w+|DATABASE_URL|GATEWAY_(?:HOST|PORT)|BACKUP_PASSPHRASE|ACTP_(?:DATA_DIR|ENV_FILE|ANCHOR_FILE)|\w+_FILE_?|NODE_\w+)$/;
const configFiles = ['POLICY_FILE', 'SELFTEST_CONFIG', 'PROJECTS_CONFIG'];

/** Files of the plane that are neither in its database nor in its repository: configuration, and the copy of the checkpoints. */
const ownFiles = (environment: Environment, root: string) =>
  configFiles.flatMap((name) => {
    const path = environment[name] ?? defaults[name];
    return path === undefined ? [] : [resolve(root, path)];
  });

const defaults: Readonly<Record<string, string>> = {
  POLICY_FILE: settings.POLICY_FILE.parse(undefined),
  SELFTEST_CONFIG: settings.SELFTEST_CONFIG.parse(undefined),
};

export interface KeySources {
  root: string;
  dataDir: string;
  /** What `.env` and the environment hold. */
  environment: Environment;
  /** The names in `.env`. */
  fileNames: readonly string[];
}

/** What cannot be made again: generated secrets, other settings, and files. */
export async function collectKeys({ root, dataDir, environment, fileNames }: KeySources): Promise<Keys> {
  const known = new Set([...Object.keys(settings), ...generatedNames, ...fileNames]);
  const kept = Object.entries(environment).filter(
    ([name]) => known.has(name) && (configFiles.includes(name) || !ofTheMachine.test(name)),
  );
  const files = [
    ...(await Promise.all(ownFiles(environment, root).map((path) => fileOf('repository', root, path)))),
    await fileOf('data', dataDir, join(dataDir, 'audit', 'checkpoints.jsonl')),
  ];
  return { settings: Object.fromEntries(kept), files: files.filter((file) => file !== undefined) };
}

/** @returns undefined for a file that is not there, or that lies outside of the folder */
async function fileOf(
  root: 'repository' | 'data',
  folder: string,
  path: string,
): Promise<Keys['files'][number] | undefined> {
  const within = relative(folder, path);
  if (within.startsWith(`..${sep}`) || isAbsolute(within)) return undefined;
  const content = await readFile(path, 'utf8').catch(() => undefined);
  return content === undefined ? undefined : { root, path: within, content };
}
