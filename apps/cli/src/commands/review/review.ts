import { isatty } from 'node:tty';
import { visibleText } from '@actp/shared/visible-text';
import { CliError } from '../../cli-error.ts';
import type { AddCommand, Cli } from '../../command.ts';

const standardOutput = 1;

const more = `
Looks at the projects of PROJECTS_CONFIG: advisories, lock files, names of packages, secrets in files and history; and at the running
plane. What is found is kept by the running plane, as that of the weekly review is (GET /v1/findings); without one, the command looks all
the same and keeps nothing.

With --gate it compares lock files instead, and asks the plane about what is new (dependency.add) or changed (dependency.update): with what,
how old, whether it runs scripts, and what was found. Where the policy wants it, it waits for a person. Without --before and --after, those of
the git repository here are compared with HEAD, or with what HEAD and --base have in common; a base of the project in PROJECTS_CONFIG counts
for more than --base.

Environment: PROJECTS_CONFIG, OSV_DATA, ACTP_DATA_DIR of the copy that is meant (.actp); NO_COLOR
             with --gate: WORKER_SECRET (or the key of an agent in its place), ACTP_AGENT_ID (dependency-gate), ACTP_URL
Exit code: with --gate: 0 nothing changed, or all of it was allowed or approved; 1 denied, rejected, or not decided in time; 2 it could
           not be compared or asked. Otherwise: 0 nothing to do; 1 there are open findings that are high or critical; 2 something could not be looked at, or wrong usage`;

interface ReviewOptions {
  project?: string;
  json?: boolean;
  gate?: boolean;
  before?: string;
  after?: string;
  base?: string;
  wait: string;
  offline?: boolean;
  askAgain?: boolean;
}

const gateOptions = ['before', 'after', 'base', 'offline'] as const;

/** `review`: the supply-chain review, now. */
export const review: AddCommand = (program, cli) => {
  program
    .command('review')
    .summary('review dependencies, lock files, secrets and sockets')
    .description('Reviews the configured projects now, and says what it found and what it could not look at.')
    .option('--project <name>', 'only this one')
    .option('--json', 'print findings and reviews (with --gate: questions and answers) as JSON')
    .option('--gate', 'ask whether changed dependencies may be taken')
    .option('--before <file>', 'with --gate: the lock file as it was')
    .option('--after <file>', 'with --gate: the lock file as it is')
    .option('--base <commit>', 'with --gate: what the change began with, for instance origin/main')
    .option('--wait <seconds>', 'with --gate: how long a person has', '900')
    .option('--offline', 'with --gate: ask no registry how old packages are')
    .option('--ask-again', 'with --gate: ask anew about what was rejected or has expired')
    .addHelpText('after', more)
    .action(async (options: ReviewOptions) => {
      const { project, json = false } = options;
      if (options.gate === true) return runGate(cli, options);
      const stray = gateOptions.find((name) => options[name] !== undefined);
      if (stray !== undefined) throw new CliError(`--${stray} needs --gate.`, { usage: true });
      // It loads readers of every kind of lock file: other commands start without.
      const { reviewNow } = await import('./review-now.ts');
      const { reportLines } = await import('./report.ts');
      const report = await reviewNow(cli, project);
      if (json) cli.say(visibleText(JSON.stringify(report, undefined, 2)));
      else for (const line of reportLines(report, hasColour(cli.environment))) cli.say(line);
      const grave = report.findings.some(
        ({ state, severity }) => state === 'open' && (severity === 'critical' || severity === 'high'),
      );
      const unavailable = report.reviews.some(({ verdict }) => verdict === 'unavailable');
      if (grave) cli.setExitCode(1);
      else if (unavailable) cli.setExitCode(2);
    });
};

async function runGate(cli: Cli, options: ReviewOptions): Promise<void> {
  if (options.project !== undefined) throw new CliError('--gate takes no --project.', { usage: true });
  const waitSeconds = Number(options.wait);
  if (!/^\d{1,5}$/.test(options.wait) || waitSeconds < 1) {
    throw new CliError('--wait takes seconds, from 1 to 99999.', { usage: true });
  }
  const { gate } = await import('./gate.ts');
  const { gateLines } = await import('./gate-lines.ts');
  const { before, after, base, offline = false, askAgain: again = false, json = false } = options;
  const reports = await gate(cli, { before, after, base, waitSeconds, offline, again });
  if (json) cli.say(visibleText(JSON.stringify(reports, undefined, 2)));
  else for (const line of gateLines(reports)) cli.say(visibleText(line.replaceAll(/[\n\t]/g, ' ')));
  const last = reports.at(-1)?.answer.state;
  if (last === 'failed') cli.setExitCode(2);
  else if (last === 'refused') cli.setExitCode(1);
}

const hasColour = (environment: Record<string, string | undefined>) =>
  isatty(standardOutput) && !environment['NO_COLOR'];
