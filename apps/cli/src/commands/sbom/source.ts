import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '@actp/shared/errors';
import { CliError } from '../../cli-error.ts';
import { installedLicences } from './installed-licences.ts';
import { parseLockFile, type LockFile } from './lock-file.ts';
import { lockedParts, packageManagerPart, systemRedis, type Part } from './own-parts.ts';

export const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string().optional(),
  license: z.string().optional(),
  private: z.boolean().default(false),
  devEngines: z.object({ packageManager: z.object({ version: z.string() }) }).optional(),
});
export type Manifest = z.infer<typeof Manifest>;

/** What a bill of materials is made from. */
export interface Source {
  lock: LockFile;
  /** By folder; `.` is the repository. */
  manifests: ReadonlyMap<string, Manifest>;
  /** By `name@version`. */
  licences: ReadonlyMap<string, string>;
  parts: readonly Part[];
}

/**
 * Reads the lock file, the manifests and what is installed.
 *
 * @param root the repository
 * @param searchPath where a Redis is looked for
 * @throws CliError saying which file is the matter
 */
export async function readSource(root: string, searchPath: string | undefined): Promise<Source> {
  const lock = await readAs(join(root, 'pnpm-lock.yaml'), parseLockFile);
  const folders = Object.keys(lock.importers);
  const read = (folder: string) =>
    readAs(join(root, folder, 'package.json'), (text) => Manifest.parse(JSON.parse(text)));
  const manifests = new Map(
    await Promise.all(folders.map(async (folder) => [folder, await read(folder)] as const)),
  );
  const pnpm = manifests.get('.')?.devEngines?.packageManager.version;
  return {
    lock,
    manifests,
    licences: await installedLicences(join(root, 'node_modules')),
    parts: [
      ...lockedParts(lock),
      await systemRedis(searchPath),
      ...(pnpm === undefined ? [] : [packageManagerPart(pnpm)]),
    ],
  };
}

async function readAs<T>(file: string, parse: (text: string) => T): Promise<T> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new CliError(`Cannot read ${file}: ${reason}`, { cause: error });
  }
}
