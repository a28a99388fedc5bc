import { messageOf } from '@actp/shared/errors';
import { CliError } from '../cli-error.ts';
import type { AddCommand } from '../command.ts';

const more = `
Use them in a shell of its own, since npm start would take them for stores that run elsewhere:

  (set -a; eval "$(npm run --silent stores)"; psql "$DATABASE_URL")

Environment: ACTP_DATA_DIR of the copy that is meant (.actp)
Exit code: 0 printed; 1 no copy runs there; 2 wrong usage`;

/** `stores`: what the embedded stores are reached with, in the form of `.env`. */
export const stores: AddCommand = (program, cli) => {
  program
    .command('stores')
    .summary('print addresses and keys of the embedded stores')
    .description(
      'Prints what the embedded stores of the running copy are reached with: SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, ' +
        'DATABASE_URL, REDIS_URL. These open everything; they are stored nowhere else.',
    )
    .addHelpText('after', more)
    .action(async () => {
      const found = await cli.plane.embeddedStores().catch((error: unknown) => {
        throw new CliError(messageOf(error), { cause: error, exitCode: 1 });
      });
      // No value has a quote in it: passwords in URLs are encoded, keys are JWTs.
      for (const [name, value] of Object.entries(found)) cli.say(`${name}="${value}"`);
    });
};
