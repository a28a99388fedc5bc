import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where systems keep their programs; used unless the caller passes the PATH of its own environment. */
export const defaultSearchPath =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin';

/** The full path of the first of these programs that is on the search path. */
export async function findProgram(
  names: readonly string[],
  searchPath = defaultSearchPath,
): Promise<string | undefined> {
  for (const name of names) {
    for (const directory of searchPath.split(delimiter)) {
      const candidate = join(directory, name);
      if (directory !== '' && (await isExecutable(candidate))) return candidate;
    }
  }
  return undefined;
}

/** Whether this process may execute the file. */
export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
