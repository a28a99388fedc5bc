import { CliError } from '../../cli-error.ts';
import type { AddCommand } from '../../command.ts';
import { accept } from './accept.ts';
import type { RestoreFlags } from './flags.ts';
import { restoreFile } from './restore-file.ts';

const more = `
The plane must be empty: a new ACTP_DATA_DIR in which nothing runs, or a new database in DATABASE_URL. The file is checked to its end before
anything is changed; an interrupted restore can be run again. Secrets and settings are written to .env if there is none.
A database that is older than the anchor (ACTP_ANCHOR_FILE) says releases and decides nothing until it is accepted with --accept:
docs/operations.md

Environment: BACKUP_PASSPHRASE of an encrypted backup; ACTP_DATA_DIR (.actp); with stores of your own those settings, as for npm start
Exit code: 0 restored, or accepted; 1 restored, but its audit log is not intact, or not accepted; 2 wrong usage, or not restored, and nothing changed`;

interface Flags extends RestoreFlags {
  accept?: boolean;
  newSigningKey?: boolean;
  yes?: boolean;
}

/** `restore`: a backup into an empty plane, and an operator's word that an older state is meant. */
export const restore: AddCommand = (program, cli) => {
  program
    .command('restore')
    .argument('[file]', 'a backup, as npm run backup has written it')
    .summary('put a backup into an empty plane, or accept one that was put back')
    .description(
      'Puts a backup into an empty plane, of this release or an earlier one; or accepts a database that was put back and is held.',
    )
    .option('--check', 'only check the file')
    .option('--with-keys', 'put the secrets and settings of the backup also into a .env that is there')
    .option('--only-keys', 'put back secrets, settings and files, and not the database')
    .option('--json', 'print the result as JSON')
    .option('--accept', 'accept the database of the running plane: voids what could release something in it')
    .option(
      '--new-signing-key',
      'with --accept: also accept another AUDIT_SIGNING_KEY, because the old one is lost',
    )
    .option('--yes', 'with --accept: do not ask')
    .addHelpText('after', more)
    .action(
      async (
        file: string | undefined,
        { accept: accepts = false, newSigningKey = false, yes = false, ...flags }: Flags,
      ) => {
        if (accepts && file !== undefined)
          throw new CliError('Name a backup or say --accept, not both.', { usage: true });
        if (accepts && (flags.check ?? flags.withKeys ?? flags.onlyKeys) === true)
          throw new CliError('--check, --with-keys and --only-keys go with a backup, not with --accept.', {
            usage: true,
          });
        if (accepts) return accept(cli, { newSigningKey, yes, json: flags.json === true });
        if (newSigningKey || yes)
          throw new CliError('--new-signing-key and --yes go with --accept.', { usage: true });
        if (file === undefined)
          throw new CliError('Name the backup that is to be restored, or say --accept.', { usage: true });
        await restoreFile(cli, file, flags);
      },
    );
};
