import process from 'node:process';
import { isatty } from 'node:tty';
import { examine } from '@actp/services/doctor/examine';
import type { AddCommand } from '../../command.ts';
import { reportLines } from './report.ts';

// Each part has this long; all are looked at together.
const withinMs = 12_000;
const standardOutput = 1;

const more = `
Works while the plane is stopped or parts of it are down: then it looks at what there is. Shows no secret, and calls no
service that costs. GET /v1/doctor gives operators the same, as far as the gateway can see it.

States: ok; warn: works, but not as it should; fail: does not work; off: not set up, or not to be seen now

Environment: ACTP_DATA_DIR (.actp) and ACTP_ENV_FILE (.env) of the copy that is meant; NO_COLOR
Exit code: 0 nothing to do; 1 something needs a hand (a warn or a fail); 2 wrong usage`;

/** `doctor`: what is wrong with this installation, each with its remedy. */
export const doctor: AddCommand = (program, cli) => {
  program
    .command('doctor')
    .summary('look at this installation and say what needs a hand')
    .description(
      'Looks at everything that this installation needs, and says in one line each what it found and what to do.',
    )
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', more)
    .action(async ({ json = false }: { json?: boolean }) => {
      // It loads clients of every store: other commands start without.
      const { lookAround } = await import('./look-around.ts');
      const around = await lookAround(cli.root, cli.plane.envFile, cli.environment);
      try {
        const examination = await examine(around.checks, withinMs);
        if (json) cli.say(JSON.stringify(examination, undefined, 2));
        else for (const line of reportLines(examination, hasColour(cli.environment))) cli.say(line);
        if (!examination.ok) cli.setExitCode(1);
      } finally {
        await around.close();
      }
    });
};

const hasColour = (environment: Record<string, string | undefined>) =>
  isatty(standardOutput) && !environment['NO_COLOR'] && process.platform !== 'win32';
