import { CliError } from '../../cli-error.ts';
import type { AddCommand } from '../../command.ts';
import { createConversation, Interrupted } from './conversation.ts';

const interrupted = 130;

const needsTerminal = `npm run setup asks questions, so it needs a terminal.
Without one, set what you need in .env or in the environment: .env.example lists every setting, npm run doctor tries them.`;

const more = `
Enter keeps what is set, - removes it. Everything is tried at once, as far as that costs nothing. Secrets are not shown.
It can be run again; npm start works without it.

Files: .env, written at the end (mode 0600), with its comments and other lines as they are
Exit code: 0 done; 2 it could not be done, or there is no terminal; 130 ended with Ctrl-C, nothing written`;

/** `setup`: sets what is worth setting, by conversation. */
export const setup: AddCommand = (program, cli) => {
  program
    .command('setup')
    .summary('set up Telegram, a coding agent, stores and services by conversation')
    .description('Asks for what is worth setting, tries it at once, and writes it into .env.')
    .addHelpText('after', more)
    .action(async () => {
      if (!cli.input.isTTY) throw new CliError(needsTerminal);
      // It loads clients of every store: other commands start without.
      const { converse } = await import('./converse.ts');
      const talk = createConversation({ input: cli.input, output: cli.out });
      try {
        await converse(cli, talk);
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        talk.say('\nEnded; nothing was written.');
        cli.setExitCode(interrupted);
      } finally {
        talk.close();
      }
    });
};
