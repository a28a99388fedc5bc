import type { Ecosystem } from './lock-file.ts';

/** The names of files that are read as lock files. */
export const lockFileNames = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'poetry.lock',
  'uv.lock',
] as const;

/** The name under which a file is read that has the requirements of pip. */
export const requirementsName = 'requirements.txt';
/** The name under which the lock file of one script is read. */
export const scriptLockName = 'script.py.lock';

/** Lock files of tools whose format nobody here reads; to pass them over would be to call them clean. */
const unknownLockFiles: ReadonlyArray<[RegExp, Ecosystem | undefined]> = [
  [/^(?:bun\.lockb?|deno\.lock|vlt-lock\.json|shrinkwrap\.yaml)$/, 'npm'],
  [/^(?:Pipfile\.lock|pdm(?:\.[\w.-]+)?\.lock|pylock(?:\.[\w.-]+)?\.toml|pixi\.lock)$/, 'pip'],
  [/^(?:[\w.-]*conda-lock\.ya?ml|conda-[\w.-]+\.lock)$/, 'pip'],
  // Of no ecosystem that is reviewed, whatever the project says that it has.
  [
    /^(?:Cargo\.lock|Gemfile\.lock|gems\.locked|composer\.lock|go\.(?:work\.)?sum|mix\.lock|rebar\.lock)$/,
    undefined,
  ],
  [
    /^(?:Package\.resolved|Podfile\.lock|Cartfile\.resolved|pubspec\.lock|packages\.lock\.json|paket\.lock)$/,
    undefined,
  ],
  [
    /^(?:[\w.-]*gradle\.lockfile|conan\.lock|flake\.lock|stack\.yaml\.lock|cabal\.project\.freeze)$/,
    undefined,
  ],
  [/^(?:Chart\.lock|\.terraform\.lock\.hcl|MODULE\.bazel\.lock|cpanfile\.snapshot)$/, undefined],
];

const baseName = (path: string) => path.split('/').at(-1) ?? '';

/** By its name, or by that of the folder that it lies in: `requirements/production.txt`. */
export const isRequirementsFile = (path: string): boolean =>
  /^[\w.-]*requirements[\w.-]*\.(?:txt|lock)$/i.test(baseName(path)) ||
  /(?:^|\/)[\w.-]*requirements\/(?:.+\/)?[^/]+\.txt$/i.test(path);

/** The name under which a file is read; undefined for one that is not. */
export function readableName(path: string): string | undefined {
  const name = baseName(path);
  const known = lockFileNames.find((one) => one === name);
  if (known !== undefined) return known;
  // One for each branch.
  if (/^pnpm-lock\..+\.yaml$/.test(name)) return 'pnpm-lock.yaml';
  if (name.endsWith('.py.lock')) return scriptLockName;
  return isRequirementsFile(path) ? requirementsName : undefined;
}

export const isUnknownLockFile = (path: string): boolean =>
  unknownLockFiles.some(([pattern]) => pattern.test(baseName(path)));

/** Whether a file is one that says what is installed. */
export const isLockFile = (path: string): boolean =>
  readableName(path) !== undefined || isUnknownLockFile(path);

/** What a file is about, by its name alone; undefined for what concerns every project. */
export function ecosystemOf(path: string): Ecosystem | undefined {
  const unknown = unknownLockFiles.find(([pattern]) => pattern.test(baseName(path)));
  if (unknown !== undefined) return unknown[1];
  return ['poetry.lock', 'uv.lock', scriptLockName, requirementsName].includes(readableName(path) ?? '')
    ? 'pip'
    : 'npm';
}
