import { CliError } from '../../cli-error.ts';
import type { AddCommand } from '../../command.ts';
import { accept } from './accept.ts';

const more = `
A database that is older than the anchor (ACTP_ANCHOR_FILE) says releases and decides nothing until it is accepted:
docs/operations.md

Exit code: 0 accepted; 1 not accepted; 2 wrong usage`;

interface Options {
  accept?: boolean;
  newSigningKey?: boolean;
  yes?: boolean;
}

/** `restore`: takes a database that was put back for the plane. */
export const restore: AddCommand = (program, cli) => {
  program
    .command('restore')
    .summary('accept a restored database')
    .description('Takes a database that was put back, and is held therefore, for the plane.')
    .option('--accept', 'accept the database of the running plane: voids what could release something in it')
    .option('--new-signing-key', 'also accept another AUDIT_SIGNING_KEY, because the old one is lost')
    .option('--yes', 'do not ask')
    .addHelpText('after', more)
    .action(async ({ accept: accepts = false, newSigningKey = false, yes = false }: Options) => {
      if (!accepts) throw new CliError('Say what is to be done: npm run restore -- --accept', { exitCode: 2 });
      await accept(cli, { newSigningKey, yes });
    });
};
