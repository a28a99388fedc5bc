import { access, mkdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { replacePrivateFile } from '@actp/embedded/private-file';
import type { Keys } from '@actp/db/backup/format';
import { readEnvFile } from '@actp/shared/env-file/read';
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
    said.push(...(await writeSettings(envFile, keys.settings)));
  }
  for (const { root: where, path, content } of keys.files) {
    const name = normalize(path);
    if (isAbsolute(name) || name.startsWith(`..${sep}`)) continue;
    const file = join(where === 'data' ? dataDir : root, name);
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present === content) continue;
    const target = present === undefined ? file : `${file}.restored`;
    // As the plane makes them: the user of Postgres passes through the data folder, and reads nothing in it.
    if (where === 'data') await mkdir(dataDir, { recursive: true, mode: 0o711 });
    await mkdir(dirname(target), { recursive: true, mode: where === 'data' ? 0o700 : 0o777 });
    await replacePrivateFile(target, content);
    said.push(
      present === undefined ? `${target} written` : `${file} differs; that of the backup is in ${target}`,
    );
  }
  return said;
}

/** A setting that the file names by `..._FILE` would be there twice, and the start refuse both: the restored one counts. */
async function writeSettings(envFile: string, restored: Keys['settings']): Promise<string[]> {
  const { values } = await readEnvFile(envFile);
  const replaced = Object.keys(restored)
    .map((name) => `${name}_FILE`)
    .filter((name) => (values[name] ?? '') !== '');
  const emptied = replaced.map((name): [string, null] => [name, null]);
  await writeChanges(envFile, new Map<string, string | null>([...Object.entries(restored), ...emptied]));
  const said = [`${Object.keys(restored).length} settings written to ${envFile}`];
  if (replaced.length > 0)
    said.push(`emptied there, since the value itself is there now: ${replaced.join(', ')}`);
  return said;
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
