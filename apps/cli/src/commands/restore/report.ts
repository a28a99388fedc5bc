import type { Verification } from '@actp/db/audit/verify-log';
import type { CheckedBackup } from '@actp/db/backup/read-backup';
import type { Cli } from '../../command.ts';
import { grouped } from '../../units.ts';
import type { RestoreFlags } from './flags.ts';

export interface Checked {
  path: string;
  checked: CheckedBackup;
}

export interface Done extends Checked {
  /** What was done beside the database. */
  notes: readonly string[];
  /** Absent when the database was not restored. */
  verification: Verification | undefined;
}

/** What a backup is, once all of it has been read. */
export function sayChecked(cli: Cli, flags: RestoreFlags, { path, checked }: Checked): void {
  if (flags.json === true) {
    cli.say(JSON.stringify({ ...factsOf(path, checked), ok: true }));
    return;
  }
  cli.say(`Backup intact: ${path}`);
  sayFacts(cli, checked);
}

/** What a restore has done, and what comes next. */
export function sayDone(cli: Cli, flags: RestoreFlags, { path, checked, notes, verification }: Done): void {
  if (verification?.ok === false) cli.setExitCode(1);
  if (flags.json === true) {
    const audit = verification && { ok: verification.ok, checked: verification.checked };
    cli.say(
      JSON.stringify({ ...factsOf(path, checked), restored: verification !== undefined, audit, notes }),
    );
    return;
  }
  if (verification !== undefined) {
    cli.say(`Restored: ${path}`);
    sayFacts(cli, checked);
    cli.say(
      verification.ok
        ? `  audit log intact: ${grouped(verification.checked)} rows checked`
        : '  THE AUDIT LOG IS NOT INTACT: see npm run audit:verify once the plane runs',
    );
  }
  for (const note of notes) cli.say(`  ${note}`);
  if (checked.keys === undefined) {
    cli.say('  The backup holds no keys: put back the .env of the plane before you start it.');
    cli.say(
      '  With another AUDIT_SIGNING_KEY the audit log is not continued; with another SESSION_SECRET links and codes end.',
    );
  }
  if (verification === undefined) return;
  cli.say('');
  cli.say(
    'What happened after the backup is not in it. Start the plane (npm start): it holds everything back until you say',
  );
  cli.say('that this older state is meant: npm run restore -- --accept');
}

function sayFacts(cli: Cli, checked: CheckedBackup): void {
  const { head } = checked;
  cli.say(`  made ${head.created_at} by release ${head.release}`);
  cli.say(
    `  ${grouped(rowsOf(checked))} rows of ${head.tables.length} tables; secrets and settings: ${head.keys ? 'yes' : 'no'}`,
  );
}

const factsOf = (path: string, checked: CheckedBackup) => ({
  path,
  created_at: checked.head.created_at,
  release: checked.head.release,
  tables: checked.head.tables.length,
  rows: rowsOf(checked),
  keys: checked.head.keys,
});

const rowsOf = ({ end }: CheckedBackup) => Object.values(end.rows).reduce((sum, rows) => sum + rows, 0);
