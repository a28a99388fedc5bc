import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

/** A file of OSV data; undefined where it cannot be read. */
export type OsvFile = string | undefined;

// The largest advisories of the registries have some hundred KiB.
const maxBytes = 8 * 1024 * 1024;

/** The JSON files of a folder (with all its folders and zips) or of a zip, one at a time. Throws when the place itself cannot be read. */
export async function* osvFiles(path: string): AsyncGenerator<OsvFile> {
  const found = await stat(path);
  if (found.isDirectory()) yield* filesOfFolder(path);
  else yield* filesOfZip(path);
}

async function* filesOfFolder(root: string): AsyncGenerator<OsvFile> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.')) folders.push(path);
      else if (entry.isFile() && entry.name.endsWith('.json')) yield await ofFile(path);
      else if (entry.isFile() && entry.name.endsWith('.zip')) yield* filesOfZip(path);
    }
  }
}

async function ofFile(path: string): Promise<OsvFile> {
  try {
    return (await stat(path)).size > maxBytes ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function* filesOfZip(path: string): AsyncGenerator<OsvFile> {
  const zip = await openPromise(path);
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('.json')) yield await ofEntry(zip, entry);
    }
  } finally {
    zip.close();
  }
}

async function ofEntry(zip: ZipFile, entry: Entry): Promise<OsvFile> {
  // It says so itself, and the reader holds it to that.
  if (entry.uncompressedSize > maxBytes) return undefined;
  try {
    return await text(await zip.openReadStreamPromise(entry));
  } catch {
    return undefined;
  }
}
