import type { z } from 'zod';
import { isMap, isNode, type Document, type LineCounter, type ParsedNode } from 'yaml';

/** One thing that is wrong with the configuration, so that a person can go there and put it right. */
export interface ConfigProblem {
  /** Counted from 1; null where the file as a whole is meant. */
  line: number | null;
  /** For instance `suites[1].timeout_seconds`; empty for the whole file. */
  path: string;
  /** The rule that was broken. */
  message: string;
}

type Key = string | number;

/** `config/selftest.yaml:12 suites[1].timeout_seconds must be greater than 0` */
export function describeProblem(file: string, { line, path, message }: ConfigProblem): string {
  const where = line === null ? file : `${file}:${line}`;
  return path === '' ? `${where}: ${message}` : `${where} ${path} ${message}`;
}

/** Turns what the schema found into problems with their lines. */
export function problemsOf(
  error: z.ZodError,
  doc: Document.Parsed<ParsedNode>,
  lines: LineCounter,
): ConfigProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    const found = (at: Key[], message: string) => ({
      line: lineOf(doc, lines, at),
      path: pathText(at),
      message,
    });
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => found([...path, key], 'is not a known key'));
    }
    return [found(path, ruleOf(issue, doc.hasIn(path)))];
  });
}

const typeNames: Record<string, string> = {
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text (quote it when it looks like something else)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function ruleOf(issue: z.core.$ZodIssue, present: boolean): string {
  if (issue.code === 'invalid_type') {
    if (!present) return 'is missing';
    return issue.message.startsWith('must ')
      ? issue.message
      : `must be ${typeNames[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_key') return 'must be the name of an environment variable';
  return issue.message;
}

function pathText(path: readonly Key[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
}

// The line of the value, or of the nearest thing around it that is really there.
function lineOf(doc: Document.Parsed<ParsedNode>, lines: LineCounter, path: readonly Key[]): number | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = offsetOf(doc, path.slice(0, length));
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return null;
}

function offsetOf(doc: Document.Parsed<ParsedNode>, path: readonly Key[]): number | undefined {
  const key = path.at(-1);
  const parent = doc.getIn(path.slice(0, -1), true);
  if (typeof key === 'string' && isMap(parent)) {
    const pair = parent.items.find(({ key: k }) => String(k) === key);
    if (isNode(pair?.key)) return pair.key.range?.[0];
  }
  const node = doc.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}
