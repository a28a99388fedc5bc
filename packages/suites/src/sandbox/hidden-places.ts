import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the plane keeps what no command may see, and what none may change. */
export interface PlanePlaces {
  /** The repository root of the plane, absolute. */
  rootDir: string;
  /** `ACTP_DATA_DIR`, absolute. */
  dataDir: string;
  /** Files that decide what the plane does, wherever they are: the policy, the self-test configuration. */
  configFiles: readonly string[];
  /** The folders that the self-test configuration names for all its suites and services, absolute; asked for at every use. */
  configuredFolders?: () => Promise<readonly string[]>;
}

export interface HiddenPlaces {
  files: string[];
  directories: string[];
}

// Copies of the plane in one checkout share `.env` and have data folders that are called like this by the documentation.
const secretFile = /^\.env(?:\..*)?$/;
const dataFolder = /^\.actp(?:[-_.].*)?$/;
const example = '.env.example';

/** What is hidden: `.env` with all that is made beside it, and every data folder; also where links lead. */
export async function hiddenPlaces({ rootDir, dataDir }: PlanePlaces): Promise<HiddenPlaces> {
  const names = await readdir(rootDir).catch(() => []);
  const candidates = [
    ...names.filter((name) => (secretFile.test(name) && name !== example) || dataFolder.test(name)),
  ].map((name) => join(rootDir, name));
  const found: HiddenPlaces = { files: [], directories: [] };
  for (const path of [...candidates, dataDir]) {
    const target = await realpath(path).catch(() => null);
    if (target === null) continue;
    const list = (await stat(target)).isDirectory() ? found.directories : found.files;
    if (!list.includes(target)) list.push(target);
  }
  return found;
}

// What the plane starts from. A suite of the plane's own checkout would otherwise change what runs next with every key.
const programNames = [
  'apps',
  'packages',
  'scripts',
  'config',
  // Packages of the workspace, too: an install runs what their manifests say.
  'examples',
  'bench',
  'e2e',
  '.ci',
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'vitest.config.ts',
  'turbo.json',
  'knip.json',
  '.oxlintrc.json',
  '.oxfmtrc.json',
];

// They say which programs npm and pnpm run, at the next start already.
const startNames = ['.npmrc', '.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpmfile.js', '.yarnrc', '.yarnrc.yml'];

/** Files that are not there, and that no suite of the plane's own checkout may leave there. */
export async function absentStartFiles({ rootDir }: PlanePlaces): Promise<string[]> {
  const paths = startNames.map((name) => join(rootDir, name));
  const there = await Promise.all(
    paths.map((path) =>
      lstat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_path, at) => there[at] === false);
}

// Test runners keep caches there, and some cannot do without.
const packagesName = 'node_modules';

/** What the command may write into, and what is as before for everybody else. */
export async function discardedPlaces({ rootDir }: PlanePlaces): Promise<string[]> {
  return realpath(join(rootDir, packagesName)).then(
    (path) => [path],
    () => [],
  );
}

/** What is shown and cannot be changed: the plane's program and its configuration. */
export async function unchangeablePlaces({ rootDir, configFiles }: PlanePlaces): Promise<string[]> {
  const candidates = [...[...programNames, ...startNames].map((name) => join(rootDir, name)), ...configFiles];
  const real = await Promise.all(candidates.map((path) => realpath(path).catch(() => null)));
  return [...new Set(real.filter((path) => path !== null))];
}
