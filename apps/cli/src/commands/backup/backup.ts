import { InvalidArgumentError } from 'commander';
import type { AddCommand, Cli } from '../../command.ts';
import type { BackupFlags } from './flags.ts';
import { writeBackup } from './write-backup.ts';

const more = `
It holds the whole database as it was at one moment, and every audit event that was acknowledged before; the plane goes on meanwhile.
Without BACKUP_PASSPHRASE it is not encrypted, and holds no secret of .env: keep .env yourself. Sessions are left out: people log in again.

Environment: BACKUP_PASSPHRASE; ACTP_DATA_DIR of the copy that is meant (.actp); with stores of your own DATABASE_URL, as the owner
Exit code: 0 written; 2 not written, and nothing left of it`;

/** `backup`: a consistent copy of a running plane. */
export const backup: AddCommand = (program, cli: Cli) => {
  program
    .command('backup')
    .summary('write a backup of the running plane')
    .description(
      'Writes a backup of the running plane into one file, which npm run restore puts into an empty one.',
    )
    .option('--to <path>', 'a new file, or a folder in which it gets a name (./backups)', nonEmpty)
    .option(
      '--leave-waiting',
      'do not wait for audit events that are in Redis alone; they are not in the backup',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', more)
    .action((flags: BackupFlags) => writeBackup(cli, flags));
};

function nonEmpty(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('it is empty');
  return value;
}
