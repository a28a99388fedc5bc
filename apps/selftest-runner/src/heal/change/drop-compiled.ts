import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const elsewhere = new Set(['.git', 'node_modules', '.venv', 'venv']);
const maxDepth = 100;

/**
 * Removes Python's compiled files beside the source. An agent can leave one there that is not made of its source, and Python
 * would run it, also in the next night; without it Python makes a new one.
 */
export async function dropCompiled(directory: string, depth = 0): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.name === '__pycache__') await rm(path, { recursive: true, force: true }).catch(() => undefined);
    else if (entry.isDirectory() && !elsewhere.has(entry.name) && depth < maxDepth)
      await dropCompiled(path, depth + 1);
  }
}
