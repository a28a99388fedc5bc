import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const migrationsDir = join(import.meta.dirname, '..', 'supabase', 'migrations');

/** The migrations of this release, oldest first. */
export async function migrationVersions(): Promise<string[]> {
  const files = await readdir(migrationsDir);
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.split('_')[0] ?? file)
    .sort();
}
