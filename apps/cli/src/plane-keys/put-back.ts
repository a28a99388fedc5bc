import { access, mkdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { replacePrivateFile } from '@actp/embedded/private-file';
import type { Keys } from '@actp/db/backup/format';
import { writeChanges } from '../commands/setup/write-changes.ts';

export interface PutBackOptions {
  keys: Keys;
  root: string;
  dataDir: string;
  envFile: string;
  /** Also into a `.env` that is there. */
  replace: boolean;
}

/**
 * Puts back what a backup keeps beside the database: settings into `.env` if there is none (or if it is to be replaced), files where
 * none is.
 *
 * @returns what was done, for the operator; never a value
 */
export async function putBackKeys(options: PutBackOptions): Promise<string[]> {
  const { keys, root, dataDir, envFile, replace } = options;
  const said: string[] = [];
  const names = Object.keys(keys.settings);
  if (!replace && (await isThere(envFile))) {
    said.push(
      `${envFile} was left as it is; --with-keys puts the ${names.length} settings of the backup into it`,
    );
  } else {
    await writeChanges(envFile, new Map(Object.entries(keys.settings)));
    said.push(`${names.length} settings written to ${envFile}`);
  }
  for (const { root: where, path, content } of keys.files) {
    const name = normalize(path);
    if (isAbsolute(name) || name.startsWith(`..${sep}`)) continue;
    const file = join(where === 'data' ? dataDir : root, name);
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present === content) continue;
    const target = present === undefined ? file : `${file}.restored`;
    await mkdir(dirname(target), { recursive: true });
    await replacePrivateFile(target, content);
    said.push(
      present === undefined ? `${target} written` : `${file} differs; that of the backup is in ${target}`,
    );
  }
  return said;
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
