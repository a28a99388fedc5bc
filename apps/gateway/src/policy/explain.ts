import { evaluatePolicy, type DecideRequest } from '@actp/policy/decide';
import { loadPolicy } from '@actp/policy/load-policy';
import { screenText } from '@actp/services/guard/screen-text';
import type { CommandLine } from './command-line.ts';

/** `explain <action> [details]`: the decision and why. Nothing is recorded. */
export async function explain(line: CommandLine, say: (text: string) => void): Promise<number> {
  const { file, agent, cost, maxSpendPerTask } = line;
  const [action = '', details = '{}'] = line.words;
  const { policy, gates, version } = await loadPolicy(file);
  const text = screenText(line.text, line.source);
  const request: DecideRequest = { action, details: objectOf(details), agent, cost_usd: cost, text };
  const { decision, claims } = evaluatePolicy({ policy, gates, maxSpendPerTask }, request);
  const { effect, rule, reasons } = decision;
  say(`${effect}, by ${rule} (policy version ${version})`);
  if (text) say(`  the text scores ${text.score} as text of: ${text.source}`);
  for (const { code, detail } of reasons) say(`  ${code}: ${detail}`);
  if (reasons.length === 0) say('  nothing stands against it');
  for (const { detail, over } of claims) say(`  ${over} once ${detail}`);
  return 0;
}

function objectOf(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error('The details are not valid JSON.', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('The details must be a JSON object.');
  }
  return value;
}
