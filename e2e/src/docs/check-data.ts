import { parseDocument } from 'yaml';
import { parsePolicy } from '@actp/policy/policy';
import { parseSelftestConfig } from '@actp/suites/config/read-selftest-config';

const policyKeys = ['gates', 'tools', 'screening'];
const selftestKeys = ['suites', 'services', 'heal'];

/** What is wrong with an example in YAML: an excerpt of a policy or of a self-test configuration has to be valid as one. */
export function problemsOfYaml(text: string): string[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) return document.errors.map(({ message }) => message);
  const has = (keys: readonly string[]) => keys.some((key) => document.has(key));
  if (has(policyKeys)) {
    const missing = ['version: 1', 'tools: { allow: [] }', 'gates: []', 'defaults: { effect: allow }']
      .filter((line) => !document.has(line.split(':')[0]))
      .join('\n');
    const parsed = parsePolicy(`${text}\n${missing}\n`);
    return parsed.ok
      ? []
      : parsed.problems.map(({ line, path, message }) => `line ${line}: ${path}: ${message}`);
  }
  if (has(selftestKeys)) {
    const parsed = parseSelftestConfig(text);
    return parsed.ok ? [] : parsed.problems.map((problem) => JSON.stringify(problem));
  }
  return [];
}

export function problemsOfJson(text: string): string[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [String(error)];
  }
}

const diagrams = /^(?:flowchart|graph|sequenceDiagram|stateDiagram(?:-v2)?|erDiagram|classDiagram)\b/;

export const problemsOfDiagram = (text: string): string[] =>
  diagrams.test(text.trimStart()) ? [] : ['begins with no kind of diagram that Mermaid has'];
