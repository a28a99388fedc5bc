import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '@actp/embedded/process-identity';
import { readOutcome, readSupervisor, reloadSignal } from '@actp/embedded/reload-notes';
import { CliError } from '../../cli-error.ts';
import type { AddCommand } from '../../command.ts';

const pollMs = 100;
const more = `
The settings are checked first: what cannot be used changes nothing. Then those apps whose settings have changed are
started anew, one after the other; the gateway's new process takes over before the old one ends, and no connection is refused.

Environment: ACTP_DATA_DIR of the copy that is meant (.actp)
Exit code: 0 everything is in force; 1 not all of it, or no copy runs there; 2 wrong usage`;

/** `reload`: has the running copy read `.env` again. */
export const reload: AddCommand = (program, cli) => {
  program
    .command('reload')
    .summary('have the running copy read .env again, without a restart')
    .description('Has the running copy read .env and the files of secrets again, and says what came of it.')
    .addHelpText('after', more)
    .action(async () => {
      const run = join(await cli.plane.dataDir(), 'run');
      const supervisor = readSupervisor(run);
      if (supervisor === undefined) {
        throw new CliError(
          'No copy runs with this ACTP_DATA_DIR.\n' +
            'Start it (npm start), or set ACTP_DATA_DIR to the one of the copy that you mean.',
          { exitCode: 1 },
        );
      }
      const before = readOutcome(run)?.count ?? 0;
      process.kill(supervisor.pid, reloadSignal);
      for (;;) {
        const outcome = readOutcome(run);
        if (outcome !== undefined && outcome.count > before) {
          for (const line of outcome.lines) cli.say(line);
          if (!outcome.ok) cli.setExitCode(1);
          return;
        }
        if (!isRunning(supervisor)) throw new CliError('The copy was stopped meanwhile.', { exitCode: 1 });
        await delay(pollMs);
      }
    });
};
