import { CliError } from '../../cli-error.ts';
import type { AddCommand } from '../../command.ts';
import type { RestoreFlags } from './flags.ts';
import { restoreFile } from './restore-file.ts';

const more = `
The plane must be empty: a new ACTP_DATA_DIR in which nothing runs, or a new database in DATABASE_URL. The file is checked to its end before
anything is changed; an interrupted restore can be run again. Secrets and settings are written to .env if there is none.

Environment: BACKUP_PASSPHRASE of an encrypted backup; ACTP_DATA_DIR (.actp); with stores of your own those settings, as for npm start
Exit code: 0 restored; 1 restored, but its audit log is not intact; 2 not restored, and nothing changed`;

/** `restore`: a backup into an empty plane. */
export const restore: AddCommand = (program, cli) => {
  program
    .command('restore')
    .argument('[file]', 'a backup, as npm run backup has written it')
    .summary('put a backup into an empty plane')
    .description('Puts a backup into an empty plane, of this release or an earlier one.')
    .option('--check', 'only check the file')
    .option('--with-keys', 'put the secrets and settings of the backup also into a .env that is there')
    .option('--only-keys', 'put back secrets, settings and files, and not the database')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', more)
    .action(async (file: string | undefined, flags: RestoreFlags) => {
      if (file === undefined) throw new CliError('Name the backup that is to be restored.', { usage: true });
      await restoreFile(cli, file, flags);
    });
};
