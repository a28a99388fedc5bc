import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { isRow, parseJson, textOf } from '../json.ts';

/** When versions were published; that never changes. */
export interface PublishedCache {
  get(key: string): string | undefined;
  set(key: string, time: string): void;
  save(): Promise<void>;
}

// 100 000 versions are some 6 MiB.
const mostEntries = 100_000;

/** Keeps the times in a file of the plane; without one only as long as it is held. A broken file is as good as none. */
export async function openPublishedCache(path: string | undefined): Promise<PublishedCache> {
  const text = path === undefined ? '' : await readFile(path, 'utf8').catch(() => '');
  const parsed = parseJson(text);
  const known = new Map<string, string>();
  if (parsed.ok && isRow(parsed.value)) {
    for (const [key, value] of Object.entries(parsed.value)) {
      const time = textOf(value);
      if (time !== null) known.set(key, time);
    }
  }
  let changed = false;
  return {
    get: (key) => known.get(key),
    set(key, time) {
      if (known.size < mostEntries) known.set(key, time);
      changed = true;
    },
    async save() {
      if (path === undefined || !changed) return;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const aside = `${path}.${randomUUID()}`;
      await writeFile(aside, JSON.stringify(Object.fromEntries(known)), { mode: 0o600 });
      await rename(aside, path);
    },
  };
}
