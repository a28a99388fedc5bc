import type { Command } from 'commander';
import { withOperator, type CredentialOptions } from '../../gateway/operator.ts';
import type { AddCommand, Cli } from '../../command.ts';
import { findApproval } from './approval-pages.ts';
import { decide, type DecideOptions, type Decision } from './decide.ts';
import { jsonOption, tokenOption } from './options.ts';
import { decisionText, jsonText } from './texts.ts';

interface Options extends CredentialOptions, Omit<DecideOptions, 'decision'> {
  json?: boolean;
}

function addDecision(group: Command, name: string): Command {
  return group
    .command(name)
    .argument('<id>', 'the id, or its beginning (at least 4 characters)')
    .option('--reason <text>', 'why; it is kept with the decision, and the agent can read it')
    .addOption(tokenOption())
    .addOption(jsonOption('the approval after the decision, as JSON; the card goes to standard error'));
}

const action =
  (cli: Cli, decision: Decision) =>
  (given: string, { json = false, reason, yes, ...credentials }: Options) =>
    withOperator(cli, credentials, async ({ client, prompts }) => {
      const show = (card: string) => (json ? void cli.err.write(`${card}\n`) : cli.say(card));
      const id = await findApproval(client, given);
      const approval = await decide({ client, prompts, show }, id, { decision, reason, yes });
      cli.say(json ? jsonText(approval) : decisionText(approval));
    });

/** `approvals approve <id>`: shows it, asks, and approves what was shown. */
export const approve: AddCommand = (group, cli) => {
  addDecision(group, 'approve')
    .option('--yes', 'do not ask; refused for what is critical')
    .summary('approve one')
    .description(
      'Shows the card, asks (for the short id when it is critical, else y/N), and approves exactly what was shown.',
    )
    .action(action(cli, 'approved'));
};

/** `approvals reject <id>`: shows it, asks, and rejects it. */
export const reject: AddCommand = (group, cli) => {
  addDecision(group, 'reject')
    .option('--yes', 'do not ask')
    .summary('reject one')
    .description('Shows the card, asks (y/N), and rejects it.')
    .action(action(cli, 'rejected'));
};
