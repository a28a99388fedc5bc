import { isatty } from 'node:tty';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { verifyAuditLog, type Verification } from '@actp/db/audit/verify-log';
import { createDb } from '@actp/db/client';
import { messageOf } from '@actp/shared/errors';
import { CliError } from '../cli-error.ts';
import type { AddCommand, Cli } from '../command.ts';
import { grouped } from '../units.ts';

// Time for a chunk of rows; a whole log takes as long as it takes.
const callMs = 10_000;
const standardError = 2;

/** `audit verify`: checks the whole audit log of the running plane. */
export const audit: AddCommand = (program, cli) => {
  program
    .command('audit')
    .helpCommand(false)
    .summary('check the audit log')
    .description('The audit log of the running plane.')
    .command('verify')
    .summary('check every row, every chain and every signed checkpoint')
    .description(
      'Checks the whole audit log of the running plane: every row, every chain, and the signed checkpoints.',
    )
    .addHelpText('after', '\nExit code: 0 intact; 1 tampered or incomplete; 2 it could not be checked')
    .action(async () => {
      const result = await verify(cli).catch((error: unknown) => {
        throw new CliError(`Cannot check the audit log: ${messageOf(error)}`, { cause: error });
      });
      if (!result.ok) cli.setExitCode(1);
    });
};

async function verify(cli: Cli): Promise<Verification> {
  const dataDir = await cli.plane.dataDir();
  const db = createDb(await cli.plane.database(), 'cli', callMs);
  const file = checkpointFile(dataDir);
  const [{ publicKey, last }, accepted] = await Promise.all([file.read(), file.acceptedKeys()]);
  const begun = performance.now();
  const rate = (rows: number) => grouped(Math.round(rows / ((performance.now() - begun) / 1_000)));
  const terminal = isatty(standardError);
  const result = await verifyAuditLog({
    db,
    publicKey,
    accepted,
    outside: last,
    onProgress: (rows) => {
      if (terminal) cli.err.write(`\r${grouped(rows)} rows, ${rate(rows)} per second`);
    },
  });
  if (terminal) cli.err.write('\n');
  const { ok, checked, first_bad, head, checkpoint } = result;
  cli.say(
    `${ok ? 'Audit log intact' : 'AUDIT LOG TAMPERED OR INCOMPLETE'}: ${grouped(checked)} rows checked, ${rate(checked)} per second`,
  );
  if (first_bad) cli.say(`first bad: ${JSON.stringify(first_bad)}`);
  sayProblems(cli, result);
  if (head) cli.say(`head: ${head.day}, lane ${head.lane}, row ${head.seq}, ${head.hash}`);
  if (!checkpoint) cli.say('checkpoint: none yet');
  else if (checkpoint.signed) cli.say(`checkpoint: ${checkpoint.n}, signatures checked`);
  else if (publicKey === undefined)
    cli.say(`checkpoint: ${checkpoint.n}, signatures NOT checked: no public key in ${dataDir}/audit`);
  else cli.say(`checkpoint: ${checkpoint.n}, NOT signed by the auditor`);
  return result;
}

const shownProblems = 20;

function sayProblems(cli: Cli, { problems, damage }: Verification): void {
  const acknowledged = problems.filter((problem) => problem.acknowledged !== null).length;
  if (problems.length > 1) {
    for (const { acknowledged: id, ...bad } of problems.slice(0, shownProblems)) {
      cli.say(`problem: ${JSON.stringify(bad)}${id === null ? '' : `, acknowledged (${id})`}`);
    }
    if (problems.length > shownProblems) cli.say(`... and ${problems.length - shownProblems} more`);
  }
  if (acknowledged > 0) cli.say(`acknowledged: ${acknowledged} of ${problems.length}`);
  if (damage !== null) cli.say(`damage: ${damage}`);
}
