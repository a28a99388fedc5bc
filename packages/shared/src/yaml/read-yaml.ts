import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type ParsedNode,
} from 'yaml';
import { replaceAliases } from './aliases.ts';
import { mistakesOf, tooDeep } from './mistakes-of.ts';
import { repairYaml, type RepairedYaml } from './repair-yaml.ts';

export interface YamlProblem {
  /** Counted from 1. */
  line: number;
  message: string;
  /** An alias of nothing, or too many of them: the form is right, the meaning is missing. */
  alias?: true;
}

/** What a text says, as far as it can be read. */
export interface ReadYaml {
  /** Undefined where it cannot be told what was meant. */
  value: unknown;
  /** From top to bottom. */
  problems: YamlProblem[];
  /** The line of what stands at a path, or of the nearest thing around it that is really there. */
  lineOf(path: readonly PropertyKey[]): number;
  /** The line of its key. */
  lineOfKey(path: readonly PropertyKey[]): number;
  /**
   * Whether what is wrong with the value at a path, or with a key of it, is wrong for certain, and not what a mistake in the
   * form has made of it.
   */
  isCertain(path: readonly PropertyKey[], key?: string): boolean;
}

type Doc = Document.Parsed<ParsedNode>;

/**
 * Reads YAML, and goes on after mistakes that leave the rest as it is meant, so that everything that is wrong can be told at
 * once. Never throws; no message quotes the text.
 *
 * @param topLevel keys that stand at the top and nowhere else
 * @param maxAliases uses of aliases; beyond them little text could become very large
 */
export function readYaml(text: string, topLevel: readonly string[] = [], maxAliases = 100): ReadYaml {
  const read = readText(text, maxAliases);
  if (!read.broken) return read;
  const repaired = repairYaml(text, topLevel);
  return repaired.problems.length === 0 ? read : readText(repaired.text, maxAliases, repaired);
}

function readText(text: string, maxAliases: number, repaired?: RepairedYaml): ReadYaml & { broken: boolean } {
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  try {
    const doc = parseDocument(text, {
      lineCounter: lines,
      uniqueKeys: true,
      stringKeys: true,
      prettyErrors: false,
      logLevel: 'error',
    });
    const marks = mistakesOf(doc, text);
    // Structure is certain above the first mistake that may have changed it.
    const broken = marks.flatMap(({ at, contained }) => (contained ? [] : [at]));
    const brokenAt = Math.min(...broken, Number.POSITIVE_INFINITY);
    const isAbove = (offset: number) =>
      (brokenAt === Number.POSITIVE_INFINITY || lineAt(offset) < lineAt(brokenAt)) &&
      repaired?.hidden.has(lineAt(offset)) !== true;
    const aliases = replaceAliases(doc);
    const wrong = new Set([
      ...[...marks, ...aliases].map(({ at }) => at),
      ...marks.flatMap(({ taints }) => taints),
    ]);
    const bareKeys = new Set(marks.flatMap(({ at, noKey }) => (noKey ? [at] : [])));
    const problems = sorted([
      ...(repaired?.problems ?? []),
      ...marks.map(({ at, message }) => ({ line: lineAt(at), message })),
      ...aliases.map(({ at, message }) => ({ line: lineAt(at), message, alias: true as const })),
    ]);
    const read = {
      broken: broken.length > 0,
      lineOf: (path: readonly PropertyKey[]) => lineAt(offsetOf(doc, path)),
      lineOfKey: (path: readonly PropertyKey[]) => lineAt(keyOffset(doc, path) ?? offsetOf(doc, path)),
      isCertain(path: readonly PropertyKey[], key?: string) {
        const at = key === undefined ? undefined : keyOffset(doc, [...path, key]);
        if (at !== undefined) return isAbove(at) && !bareKeys.has(at);
        const whole = brokenAt === Number.POSITIVE_INFINITY || endOf(doc, path) < brokenAt;
        const offset = offsetOf(doc, path);
        const node: unknown = doc.getIn(path, true);
        const mayLack = !isScalar(node) && repaired?.incomplete.has(lineAt(offset)) === true;
        if (mayLack) return false;
        return whole && isAbove(offset) && !wrong.has(offset);
      },
    };
    try {
      return { value: doc.toJS({ maxAliasCount: maxAliases }), problems, ...read };
    } catch {
      const tooMany = {
        line: 1,
        message: 'Excessive alias count: little text would become very large',
        alias: true as const,
      };
      return { value: undefined, problems: [...problems, tooMany], ...read };
    }
  } catch {
    // The parser gives up where brackets are nested deeper than its stack.
    const problems = [{ line: 1, message: tooDeep }];
    return {
      value: undefined,
      problems,
      broken: false,
      lineOf: () => 1,
      lineOfKey: () => 1,
      isCertain: () => false,
    };
  }
}

// From top to bottom, each once: a mistake can be found again on every level of nesting.
function sorted(problems: readonly YamlProblem[]): YamlProblem[] {
  const once = new Map(problems.map((problem) => [`${problem.line} ${problem.message}`, problem]));
  return [...once.values()].toSorted((a, b) => a.line - b.line);
}

function offsetOf(doc: Doc, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = doc.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return isNode(doc.contents) ? (doc.contents.range?.[0] ?? 0) : 0;
}

// Where a value ends that is really there; a mapping or list may go on behind a mistake right after it.
function endOf(doc: Doc, path: readonly PropertyKey[]): number {
  const node: unknown = path.length === 0 ? doc.contents : doc.getIn(path, true);
  return isNode(node) && node.range ? node.range[isCollection(node) ? 2 : 1] : Number.POSITIVE_INFINITY;
}

function keyOffset(doc: Doc, path: readonly PropertyKey[]): number | undefined {
  const parent: unknown = path.length === 1 ? doc.contents : doc.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
}
