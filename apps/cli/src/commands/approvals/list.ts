import type { AddCommand } from '../../command.ts';
import { withOperator, type CredentialOptions } from '../../gateway/operator.ts';
import { pendingApprovals } from './approval-pages.ts';
import { follow } from './follow.ts';
import { jsonOption, tokenOption } from './options.ts';
import { jsonText, pendingLine } from './texts.ts';

interface Options extends CredentialOptions {
  follow?: boolean;
  json?: boolean;
}

/** `approvals list`: what is pending, once or for as long as it is followed. */
export const list: AddCommand = (group, cli) => {
  group
    .command('list')
    .option('--follow', 'go on: say what comes and what is over; at a terminal, decide from there')
    .addOption(tokenOption())
    .addOption(jsonOption('JSON: a list; with --follow one line for each change'))
    .summary('list what is pending')
    .description('Lists what is pending, the most urgent first.')
    .action(({ json = false, ...options }: Options) =>
      withOperator(cli, options, async ({ client, prompts }) => {
        if (options.follow === true) return follow({ cli, client, prompts, json });
        const pending = await pendingApprovals(client);
        if (json) return cli.say(jsonText(pending));
        cli.say(pending.length === 0 ? 'No approvals are pending.' : `${pending.length} pending:`);
        for (const approval of pending) cli.say(pendingLine(approval));
        return undefined;
      }),
    );
};
