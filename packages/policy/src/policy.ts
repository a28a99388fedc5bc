import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readYaml } from '@actp/shared/yaml/read-yaml';
import { matchesAction } from './action-name.ts';
import { Gate, gateProblems, maxGates } from './gate-schema.ts';
import { formProblems, type FormProblem } from './form-problems.ts';
import { ScreeningPolicy } from './screening.ts';

/** The form of the policy file; `parsePolicy` also checks what the form does not say. */
export const Policy = z.strictObject({
  version: z.literal(1),
  tools: z.strictObject({ allow: z.array(z.string().min(1).max(128)) }),
  gates: z.array(Gate).max(maxGates),
  screening: ScreeningPolicy.optional(),
  defaults: z.strictObject({ effect: z.enum(['allow', 'deny', 'require_approval']) }),
});
export type Policy = z.infer<typeof Policy>;

export interface PolicyProblem {
  line: number;
  path: string;
  message: string;
}

export type ParsedPolicy =
  | { ok: true; policy: Policy; version: string }
  | { ok: false; version: string; problems: PolicyProblem[] };

/**
 * Reads a policy file.
 *
 * @param text YAML
 * @returns the policy and its version (SHA-256 of the text, 16 hex digits), or every problem with its line
 */
export function parsePolicy(text: string): ParsedPolicy {
  const version = versionOf(text);
  const yaml = readYaml(text, Object.keys(Policy.shape));
  const form = Policy.safeParse(yaml.value);
  const found: FormProblem[] = [...formProblems(form.error, yaml.value), ...gateProblems(yaml.value)];
  if (yaml.problems.length === 0 && form.success && found.length === 0) {
    return { ok: true, policy: form.data, version };
  }
  const { value, isCertain, lineOf, lineOfKey } = yaml;
  const certain = value === undefined ? [] : found.filter(({ path, key }) => isCertain(path, key));
  const problems = [
    ...yaml.problems.map(({ line, message }) => ({ line, path: '', message })),
    ...certain.map(({ path, key, message }) => ({
      line: key === undefined ? lineOf(path) : lineOfKey([...path, key]),
      path: path.join('.'),
      message,
    })),
  ];
  return { ok: false, version, problems: problems.toSorted((a, b) => a.line - b.line) };
}

/** What the policy asks of the people who approve an action: the strictest of all gates that cover it. */
export function approvalRule(policy: Policy, action: string): { critical: boolean; approvers: number } {
  const gates = policy.gates.filter((gate) => matchesAction(gate.action, action));
  return {
    critical: gates.some((gate) => gate.critical),
    approvers: Math.max(1, ...gates.map((gate) => gate.approvers)),
  };
}

const versionOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
