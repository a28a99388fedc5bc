import { evaluatePolicy, type DecideRequest } from '@actp/policy/decide';
import { screenText } from '@actp/services/guard/screen-text';
import { CliError } from '../../cli-error.ts';
import type { AddCommand } from '../../command.ts';
import {
  fileOption,
  nonNegative,
  policyOf,
  policySettings,
  sourceOption,
  type TextSource,
} from './options.ts';

interface ExplainOptions {
  file?: string;
  agent: string;
  cost?: number;
  text?: string;
  source?: TextSource;
}

/** `policy explain <action> [details]`: the decision and why. Nothing is recorded. */
export const explain: AddCommand = (group, cli) => {
  group
    .command('explain')
    .argument('<action>', 'the action, for instance stripe.charge')
    .argument('[details]', 'its details, a JSON object', '{}')
    .addOption(fileOption())
    .option('--agent <id>', 'who asks', 'worker')
    .option('--cost <USD>', 'what it would cost', nonNegative)
    .option('--text <text>', 'what led to the request, to be screened')
    .addOption(sourceOption())
    .summary('what would be decided, and why')
    .description('Says what would be decided, and why. Nothing is recorded.')
    .action(async (action: string, details: string, options: ExplainOptions) => {
      const { file, name, maxSpendPerTask } = await policySettings(cli, options.file);
      const { policy, gates, version } = await policyOf(file, name);
      const { agent, cost, source } = options;
      const text = screenText(options.text, source);
      const request: DecideRequest = { action, details: objectOf(details), agent, cost_usd: cost, text };
      const { decision, claims } = evaluatePolicy({ policy, gates, maxSpendPerTask }, request);
      const { effect, rule, reasons } = decision;
      cli.say(`${effect}, by ${rule} (policy version ${version})`);
      if (text) cli.say(`  the text scores ${text.score} as text of: ${text.source}`);
      for (const { code, detail } of reasons) cli.say(`  ${code}: ${detail}`);
      if (reasons.length === 0) cli.say('  no rule objects');
      for (const { detail, over } of claims) cli.say(`  ${over} once ${detail}`);
    });
};

function objectOf(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError('The details are not valid JSON.', { cause: error, usage: true });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('The details must be a JSON object.', { usage: true });
  }
  return value;
}
