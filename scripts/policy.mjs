// npm run policy: checks a policy file, says why something is decided as it is, and what a new file would change.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

const usage = `Usage: npm run policy -- <command> [options]

  check [file]                  is the file valid? Exit code 1 and every problem with its line when not
  explain <action> [details]    what would be decided, and why; details: a JSON object
  diff <new file>               which of the last guard requests the new file would decide otherwise
  schema                        writes config/policy.schema.json

Options:
  --file <file>      the policy that runs (POLICY_FILE, config/policy.yaml)
  --cost <USD>       explain: what it would cost
  --agent <id>       explain: who asks (worker)
  --text <text>      explain: what led to the request, to be screened
  --source <source>  explain: whose words it is: user, tool, web (tool)
  --last <number>    diff: how many requests of the running plane's audit log (1000)
  --from <file>      diff: requests from JSON Lines instead: exported audit events, or bodies of guard requests
  -h, --help         show this text
`;

const words = process.argv.slice(2);
if (words.length === 0 || words.some((word) => word === '-h' || word === '--help')) {
  process.stdout.write(usage);
  process.exit(words.length === 0 ? 2 : 0);
}
await ensureInstalled();
const program = join(repositoryRoot, 'apps', 'gateway', 'src', 'policy', 'main.ts');
const { status } = spawnSync(node24, [program, ...words], {
  cwd: resolve(process.env.INIT_CWD ?? '.'),
  stdio: 'inherit',
});
process.exit(status ?? 2);
