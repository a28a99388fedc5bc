import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { ConfigError } from '@actp/shared/errors';

export interface AnchorPlace {
  path: string;
  /** What people should know about it. */
  warning: string | undefined;
}

export interface AnchorPlaceOptions {
  /** ACTP_ANCHOR_FILE; undefined: in the user's state folder. */
  configured: string | undefined;
  /** What a relative path is relative to. */
  root: string;
  dataDir: string;
  /** XDG_STATE_HOME. */
  stateHome: string | undefined;
  home: string | undefined;
}

/**
 * Where the anchor is kept: never in the data folder, with which it would be put back.
 *
 * @throws ConfigError when ACTP_ANCHOR_FILE lies there
 */
export async function anchorPlace(options: AnchorPlaceOptions): Promise<AnchorPlace> {
  const { configured, root, stateHome, home } = options;
  const dataDir = await realPathOf(resolve(root, options.dataDir));
  if (configured !== undefined) {
    const path = await realPathOf(resolve(root, configured));
    if (isInside(path, dataDir)) {
      throw new ConfigError([
        { key: 'ACTP_ANCHOR_FILE', rule: 'must not lie in ACTP_DATA_DIR, with which it would be put back' },
      ]);
    }
    return { path, warning: undefined };
  }
  // Copies side by side have data folders of their own, also within one checkout.
  const name = `${hash('sha256', dataDir).slice(0, 32)}.json`;
  const state = isSet(stateHome) ? stateHome : isSet(home) ? join(home, '.local', 'state') : undefined;
  const folder = state === undefined ? undefined : join(state, 'actp-worker');
  if (folder !== undefined && (await canWrite(folder))) {
    const path = join(await realPathOf(folder), name);
    if (!isInside(path, dataDir)) return { path, warning: undefined };
  }
  return {
    path: `${dataDir}.anchor.json`,
    warning:
      'The anchor, which shows that an older copy of the database was put back, lies beside the data folder: the user ' +
      'has no folder for state (XDG_STATE_HOME). Set ACTP_ANCHOR_FILE to a file that is not backed up together with it.',
  };
}

const isSet = (path: string | undefined): path is string => path !== undefined && isAbsolute(path);

async function canWrite(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isInside(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside));
}

// What is not there yet has the real path of what it will be in.
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPathOf(parent), basename(path));
  }
}
