// What `npm start -- --help` says.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const usage = `Usage: npm start [-- options]

Installs what is missing, starts Postgres, PostgREST and Redis on loopback, applies migrations, runs every app,
runs the self-test and prints what runs where. Ctrl-C stops everything.

Options:
  -h, --help     show this text
  --version      show the version

Environment (all optional; an empty value counts as unset; it takes precedence over .env):
  GATEWAY_HOST, GATEWAY_PORT                 where the gateway listens, on loopback (127.0.0.1, 8787)
  ACTP_DATA_DIR                              where the embedded stores keep their data (.actp)
  ACTP_ENV_FILE                              another file in place of .env
  REDIS_URL                                  use this Redis instead of the embedded one
  SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY    use this Supabase project instead of embedded Postgres and PostgREST
  DATABASE_URL                               where migrations are applied when Supabase is not embedded
  OPERATOR_EMAIL, OPERATOR_PASSWORD          the first operator (operator@actp.local, generated)
  TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID, TELEGRAM_APPROVER_IDS    the bot (off)
  STOP_SECONDS                               how long a stop may take before what is left is killed (10)
  LOG_LEVEL                                  trace, debug, info, warn, error, fatal (info)
  and more: see .env.example

Files:
  .env           generated secrets, readable only by you; change them there
  .actp/         data and logs of this copy (ACTP_DATA_DIR)
  config/        what the self-test runs, and what needs approval

Settings by conversation (Telegram, a coding agent, stores of your own), and what is wrong with this installation:
  npm run setup
  npm run doctor

Other secrets and settings without a restart, after a change of .env:
  npm run reload

Addresses and keys of the running embedded stores:
  npm run stores

A second copy beside this one:
  GATEWAY_PORT=8788 ACTP_DATA_DIR=.actp-8788 npm start
`;

/** Answers `--help` and `--version` and ends the process; ends it with code 2 for anything else. */
export function readOptions(words) {
  for (const word of words) {
    if (word === '-h' || word === '--help') {
      process.stdout.write(usage);
    } else if (word === '--version') {
      const manifest = new URL('../package.json', import.meta.url);
      process.stdout.write(`${JSON.parse(readFileSync(manifest, 'utf8')).version}\n`);
    } else {
      process.stderr.write(`Unknown option: ${word}\nTry: npm start -- --help\n`);
      process.exit(2);
    }
    process.exit(0);
  }
}
