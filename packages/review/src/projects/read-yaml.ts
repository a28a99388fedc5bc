import { open } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { describeProblem, problemsOf } from '@actp/suites/config/config-problem';

export type Read<T> = { ok: true; value: T } | { ok: false; problem: string };

// A configuration of a thousand projects has some 100 KiB.
const maxBytes = 1024 * 1024;
const shownProblems = 5;

/**
 * Reads a YAML file of the operator. What is wrong with it comes back as one text, with lines.
 *
 * @param name as the operator calls the file, for messages
 * @param missing what a file that is not there stands for; undefined: it has to be there
 */
export async function readYaml<S extends z.ZodType>(
  path: string,
  name: string,
  schema: S,
  missing?: z.output<S>,
): Promise<Read<z.output<S>>> {
  const text = await readText(path);
  if (text === null && missing !== undefined) return { ok: true, value: missing };
  if (text === null) return { ok: false, problem: `${name} does not exist` };
  if (text === undefined) return { ok: false, problem: `${name} cannot be read, or is larger than 1 MiB` };
  const lines = new LineCounter();
  const doc = parseDocument(text, {
    lineCounter: lines,
    schema: 'core',
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [broken] = doc.errors;
  if (broken) {
    const { line } = lines.linePos(broken.pos[0]);
    return { ok: false, problem: `${name}:${line}: is not valid YAML` };
  }
  const value: unknown = doc.toJS({ maxAliasCount: 0 });
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = problemsOf(parsed.error, doc, lines).map((problem) => describeProblem(name, problem));
  return { ok: false, problem: problems.slice(0, shownProblems).join('\n') };
}

async function readText(path: string): Promise<string | null | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      return size > maxBytes ? undefined : await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? null : undefined;
  }
}
