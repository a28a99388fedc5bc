import { isatty } from 'node:tty';
import type { AddCommand } from '../../command.ts';

const standardOutput = 1;

const more = `
Looks at the projects of PROJECTS_CONFIG: advisories, lock files, names of packages, secrets in files and history; and at the running
plane. What is found is kept by the running plane, as that of the weekly review is (GET /v1/findings); without one, the command looks all
the same and keeps nothing.

Environment: PROJECTS_CONFIG, OSV_DATA, ACTP_DATA_DIR of the copy that is meant (.actp); NO_COLOR
Exit code: 0 nothing to do; 1 there are open findings that are high or critical; 2 something could not be looked at, or wrong usage`;

/** `review`: the supply-chain review, now. */
export const review: AddCommand = (program, cli) => {
  program
    .command('review')
    .summary('review dependencies, lock files, secrets and sockets')
    .description('Reviews the configured projects now, and says what it found and what it could not look at.')
    .option('--project <name>', 'only this one')
    .option('--json', 'print findings and reviews as JSON')
    .addHelpText('after', more)
    .action(async ({ project, json = false }: { project?: string; json?: boolean }) => {
      // It loads readers of every kind of lock file: other commands start without.
      const { reviewNow } = await import('./review-now.ts');
      const { reportLines } = await import('./report.ts');
      const report = await reviewNow(cli, project);
      if (json) cli.say(JSON.stringify(report, undefined, 2));
      else for (const line of reportLines(report, hasColour(cli.environment))) cli.say(line);
      const grave = report.findings.some(
        ({ state, severity }) => state === 'open' && (severity === 'critical' || severity === 'high'),
      );
      const unavailable = report.reviews.some(({ verdict }) => verdict === 'unavailable');
      if (grave) cli.setExitCode(1);
      else if (unavailable) cli.setExitCode(2);
    });
};

const hasColour = (environment: Record<string, string | undefined>) =>
  isatty(standardOutput) && !environment['NO_COLOR'];
