import type { AddCommand } from '../../command.ts';
import { withOperator, type CredentialOptions } from '../../gateway/operator.ts';
import { findApproval } from './approval-pages.ts';
import { readCard } from './card.ts';
import { jsonOption, tokenOption } from './options.ts';
import { jsonText } from './texts.ts';

/** `approvals show <id>`: the card of one, or what became of it. */
export const show: AddCommand = (group, cli) => {
  group
    .command('show')
    .argument('<id>', 'the id, or its beginning (at least 4 characters)')
    .addOption(tokenOption())
    .addOption(jsonOption('{ approval, card, approvable } as JSON'))
    .summary('show the card of one')
    .description('Shows the card of an approval as Telegram does, or what became of it.')
    .action((given: string, { json = false, ...credentials }: CredentialOptions & { json?: boolean }) =>
      withOperator(cli, credentials, async ({ client }) => {
        const card = await readCard(client, await findApproval(client, given));
        cli.say(json ? jsonText(card) : card.card);
      }),
    );
};
