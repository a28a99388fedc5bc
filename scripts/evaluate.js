// npm run evaluate -- <what> [folder]: how well something recognises what it should, on rows that are not in the repository.
import process from 'node:process';
import { runProgram } from './node-program.js';

const packages = { redaction: 'redaction', injection: 'screening' };
const usage = `Usage: npm run evaluate -- <what> [folder]

  injection    injected instructions and commands (packages/screening)
  redaction    secrets (packages/redaction)

The folder holds the rows (../shared/data); without it there is nothing to do, and the exit code is 0.
`;

const [what, ...words] = process.argv.slice(2);
if (what === undefined || !Object.hasOwn(packages, what)) {
  process.stdout.write(usage);
  process.exit(what === '-h' || what === '--help' ? 0 : 2);
}
await runProgram(['packages', packages[what], 'src', 'evaluate', 'main.ts'], words);
