import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One file of `packages/db/sql`: the current definition of one function, with its comment and grants. */
export interface FunctionFile {
  /** Below `packages/db/sql`, for instance `approvals/decide_approval.sql`. */
  file: string;
  text: string;
  sha256: string;
  /** What it defines, as `schema.name`; a name that stands here twice has overloads. */
  functions: string[];
}

/** Where the functions of this release are. */
export const functionsDir = join(import.meta.dirname, '..', '..', 'sql');

/** Reads every function file, in a stable order. */
export async function readFunctionFiles(dir: string = functionsDir): Promise<FunctionFile[]> {
  const files = await Array.fromAsync(glob('*/*.sql', { cwd: dir }));
  return Promise.all(
    files.toSorted().map(async (file) => {
      const text = await readFile(join(dir, file), 'utf8');
      return {
        file,
        text,
        sha256: createHash('sha256').update(text).digest('hex'),
        functions: definedIn(text),
      };
    }),
  );
}

function definedIn(sql: string): string[] {
  const heads = sql.matchAll(/^\s*create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+([\w".]+)/gim);
  return Array.from(heads, ([, name = '']) => name.toLowerCase());
}
