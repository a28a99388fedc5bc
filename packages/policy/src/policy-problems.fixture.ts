import { problemLine } from './load-policy.ts';
import { parsePolicy } from './policy.ts';

/** What is wrong, line by line. */
export function problemsOf(text: string): string[] {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.problems.map(problemLine);
}

export const tabs = 'Tabs are not allowed as indentation';
export const beside = 'the line is not indented as those beside it';
export const colon = 'a key has to be followed by a colon and a space';
export const comma = 'a comma is missing, or a value with a colon in it has to stand in quotes';
export const nested = 'a value with a colon in it has to stand in quotes, or the line is indented too far';
export const dash = 'an item of a list has to begin with a dash and a blank';
export const quotes = (character: string) => `a ${character} at the beginning has to stand in quotes`;
export const deny = 'Invalid input: expected "deny"';
export const effects = 'Invalid option: expected one of "allow"|"deny"|"require_approval"';

/** Line 4 is the first of the gates; what stands behind them is wrong as well. */
export const file = (...gates: string[]) =>
  [
    'version: 1',
    'tools: { allow: [research] }',
    'gates:',
    ...gates,
    'defaults: { effect: perhaps }',
    'extra: 1',
    '',
  ].join('\n');
export const lastTwo = (line: number) => [
  `line ${line}: defaults.effect: ${effects}`,
  `line ${line + 1}: Unrecognized key: "extra"`,
];
