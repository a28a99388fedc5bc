import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, type Chunk } from './chunks.ts';

/** Which pieces are done, with a hash of what they were and of the tests that ran. */
export interface Ledger {
  isDone(chunk: Chunk, withSurvivors: boolean): boolean;
  add(chunk: Chunk): void;
}

export function openLedger(file: string, root: string, tests: readonly string[]): Ledger {
  const done = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, { sources: string; tests: string }>)
    : {};
  const testsHash = hashOf(root, globSync([...tests], { cwd: root }).sort());
  const sourcesHash = (chunk: Chunk) => hashOf(root, chunk.map(fileOf));
  return {
    isDone(chunk, withSurvivors) {
      const entry = done[chunk.join(' ')];
      if (entry?.sources !== sourcesHash(chunk)) return false;
      // Other tests may notice what was not noticed.
      return !withSurvivors || entry.tests === testsHash;
    },
    add(chunk) {
      done[chunk.join(' ')] = { sources: sourcesHash(chunk), tests: testsHash };
      writeFileSync(file, `${JSON.stringify(done, null, 1)}\n`);
    },
  };
}

function hashOf(root: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
