// npm run compose: thin wrappers around Docker Compose. Plain JavaScript without dependencies, for any Node.js from 20 on: of this machine it
// needs Docker alone.
import process from 'node:process';
import { commands } from './compose/commands.mjs';
import { ComposeError } from './compose/run.mjs';

const usage = `Usage: npm run compose -- <command> [options]

Runs the plane in containers: docker-compose.yml, or the files of COMPOSE_FILE.

Commands:
  init             write a .env (mode 0600) with a secret for each that is missing there; without it they are made at the first start and kept
                   in a volume
  up               build, start, and wait until it is ready
  down             stop, and remove the containers; data and secrets stay
  logs [service]   follow the logs
  status           what runs, and whether the plane is ready
  secret NAME      print a secret, for instance OPERATOR_PASSWORD
  cli ...          the command line in a container: audit verify, doctor, policy, approvals
  backup [FOLDER]  write a backup into a new file of this machine (./backups); with BACKUP_PASSPHRASE encrypted, and with the secrets
  restore FILE     put it into a plane that has no data yet, with its secrets, and start it; see docs/compose.md
  upgrade          write a backup, build this release, and start it in place of the one that runs

Exit code: 0 done; 1 not done; 2 wrong usage
`;

const [name = '', ...words] = process.argv.slice(2);
if (name === '' || name === '-h' || name === '--help') {
  process.stdout.write(usage);
  process.exit(name === '' ? 2 : 0);
}
if (!Object.hasOwn(commands, name)) {
  process.stderr.write(`Unknown command: ${name}\nTry: npm run compose -- --help\n`);
  process.exit(2);
}
try {
  process.exitCode = await commands[name](words);
} catch (error) {
  if (!(error instanceof ComposeError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
