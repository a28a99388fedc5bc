// The PATH that a script was called with, before npm put its own folders in front of it.
import { realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/**
 * npm prepends `node_modules/.bin` of the package and of every folder above it, and then its `node-gyp-bin`. Exactly these are
 * taken off again, once: what follows is the caller's, even where it names the same folders. pnpm and Yarn do the like.
 *
 * @param env the environment of the script
 * @param root the folder of the package whose script it is
 */
export function callerPath(env, root) {
  const path = env.PATH;
  if (path === undefined || !isScriptOf(env, root)) return path;
  const entries = path.split(delimiter);
  const ours = new Set([...foldersFrom(root), ...foldersFrom(real(root))].map(binaryFolder));
  let at = 0;
  while (at < entries.length && (ours.has(entries[at]) || isYarnFolder(entries[at]))) at += 1;
  // Without it nobody knows where the caller's part begins; only the package's own folder is certainly not the caller's.
  if (basename(entries[at] ?? '') === 'node-gyp-bin') return entries.slice(at + 1).join(delimiter);
  return at === 0 ? path : entries.slice(at).join(delimiter);
}

// Another package's script that calls ours by its file has a PATH of its own making, which is then the caller's.
function isScriptOf(env, root) {
  if (env.npm_lifecycle_event === undefined) return false;
  return env.npm_package_json === undefined || real(dirname(env.npm_package_json)) === real(root);
}

const binaryFolder = (folder) => join(folder, 'node_modules', '.bin');

// Yarn's wrappers for node and itself.
const isYarnFolder = (entry) => /^(?:yarn--|xfs-)/.test(basename(entry));

function foldersFrom(folder) {
  const folders = [];
  for (let at = join(folder, '.').replace(/\/$/, '') || '/'; ; at = dirname(at)) {
    folders.push(at);
    if (dirname(at) === at) return folders;
  }
}

function real(folder) {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
