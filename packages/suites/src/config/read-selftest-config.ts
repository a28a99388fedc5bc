import { LineCounter, parseDocument } from 'yaml';
import { messageOf } from '@actp/shared/errors';
import { replaceAliases } from '@actp/shared/yaml/aliases';
import { mistakesOf } from '@actp/shared/yaml/mistakes-of';
import { repairYaml } from '@actp/shared/yaml/repair-yaml';
import { problemsOf, type ConfigProblem } from './config-problem.ts';
import { openRegularFile } from '../open-regular-file.ts';
import { SelftestConfig } from './selftest-config.ts';

export type ConfigOutcome = { ok: true; config: SelftestConfig } | { ok: false; problems: ConfigProblem[] };

// A configuration for hundreds of suites has some 100 KiB.
const maxBytes = 1024 * 1024;
// More uses of aliases than this is no abbreviation but an attempt to fill the memory.
const maxAliases = 100;
// Enough for a person to see what is wrong.
const maxProblems = 50;

/**
 * Reads the self-test configuration. Whatever is wrong with it comes back as a list of problems: a broken
 * configuration is a failing self-test, not a crash.
 *
 * @param path absolute
 */
export async function readSelftestConfig(path: string): Promise<ConfigOutcome> {
  const opened = await openRegularFile(path, maxBytes);
  if (!opened.ok) return broken(opened.problem);
  try {
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await opened.file.read(bytes, length, bytes.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > maxBytes) return broken(`has more than the ${maxBytes} bytes that are read`);
    return parseSelftestConfig(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length)));
  } catch (error) {
    return broken(error instanceof TypeError ? 'is not UTF-8 text' : `cannot be read: ${messageOf(error)}`);
  } finally {
    await opened.file.close();
  }
}

/** The same for text that is already there. */
export function parseSelftestConfig(text: string): ConfigOutcome {
  try {
    const asItIs = parse(text);
    if (asItIs.mistakes.every(({ contained }) => contained)) return check(asItIs);
    const { text: repaired, problems, hidden } = repairYaml(text, ['services', 'suites']);
    if (problems.length === 0) return check(asItIs);
    const told = problems.map(({ line, message }) => ({ line, path: '', message: `${notYaml}: ${message}` }));
    return check(parse(repaired), told, hidden);
  } catch (error) {
    // The parser gives up on too many aliases and on nesting deeper than the stack.
    return broken(`cannot be used as YAML: ${messageOf(error)}`);
  }
}

const isEmpty = 'is empty; write "services: []" for no service';
const notYaml = 'is not valid YAML';

function parse(text: string) {
  const lines = new LineCounter();
  const doc = parseDocument(text, {
    lineCounter: lines,
    schema: 'core',
    prettyErrors: false,
    logLevel: 'error',
  });
  return { doc, lines, mistakes: mistakesOf(doc, text) };
}

/**
 * @param told what is wrong with the form of the file and was put right or left out
 * @param hidden lines that were left out
 */
function check(
  { doc, lines, mistakes }: ReturnType<typeof parse>,
  told: readonly ConfigProblem[] = [],
  hidden: ReadonlySet<number> = new Set(),
): ConfigOutcome {
  const problem = (at: number, message: string) => ({ line: lines.linePos(at).line, path: '', message });
  const problems: ConfigProblem[] = [
    ...told,
    ...mistakes.map(({ at, message }) => problem(at, `${notYaml}: ${message}`)),
    ...replaceAliases(doc).map(({ at, message }) => problem(at, `cannot be used as YAML: ${message}`)),
  ];
  // Beyond a mistake that changes what the rest means, nothing else would be told for certain.
  if (!mistakes.every(({ contained }) => contained)) return brokenBy(problems);
  if (doc.contents === null) return broken(isEmpty);
  const value: unknown = doc.toJS({ maxAliasCount: maxAliases });
  if (value === null && problems.length === 0) return broken(isEmpty);
  const parsed = SelftestConfig.safeParse(value);
  if (parsed.success && problems.length === 0) return { ok: true, config: parsed.data };
  const found = parsed.success ? [] : problemsOf(parsed.error, doc, lines);
  const wrong = new Set([...hidden, ...problems.map(({ line }) => line)]);
  return brokenBy([...problems, ...found.filter(({ line }) => !wrong.has(line))]);
}

// From top to bottom, each once: a fault of the parser can be reported from every level of nesting.
function brokenBy(problems: readonly ConfigProblem[]): ConfigOutcome {
  const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const sorted = [...once.values()].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { ok: false, problems: sorted.slice(0, maxProblems) };
}

function broken(message: string): ConfigOutcome {
  return { ok: false, problems: [{ line: null, path: '', message }] };
}
