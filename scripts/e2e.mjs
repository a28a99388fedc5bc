// npm run e2e. Plain JavaScript without dependencies, for any Node.js from 20 on: what it needs may not be installed yet.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './install.mjs';
import { compileCache, node24, repositoryRoot } from './paths.mjs';

const usage = `Usage: npm run e2e [-- options]

Runs the whole flow of tasks: starts a plane of its own (free ports, a data folder that is removed at the end) and stand-ins for the
services outside, then registers people, asks for research, e-mails and purchases over HTTP, has an operator decide, and checks what came
of it: results, what the services were asked, spending and the audit log. Nothing is really sent or paid. Ctrl-C stops and removes everything.

Options:
  --real research          use the real services, with the keys of the environment or .env: BRAVE_API_KEY, and GROQ_API_KEY or
                           GEMINI_API_KEY for a summary by a model. Only research: e-mails and purchases would have effects
  --payments stripe        pay at Stripe (its stand-in); by default purchases are recorded in the ledger
  --fault SERVICE:KIND     let a stand-in go wrong at every request, for instance brave:quota_month; shows what then fails.
                           Services: brave, groq, gemini, resend, coingecko, stripe
  -h, --help               show this text

Exit code: 0 when every step holds, 1 when one does not, 2 for a wrong option, 130 after Ctrl-C.
NO_COLOR=1 turns colours off.
`;

function fail(message) {
  process.stderr.write(`${message}\nTry: npm run e2e -- --help\n`);
  process.exit(2);
}

const options = {
  help: { type: 'boolean', short: 'h' },
  real: { type: 'string' },
  payments: { type: 'string' },
  fault: { type: 'string' },
};
const words = process.argv.slice(2);
const known = new Set(['-h', ...Object.keys(options).map((name) => `--${name}`)]);
const { tokens } = parseArgs({ args: words, options, strict: false, tokens: true });
const values = {};
for (const token of tokens) {
  if (token.kind !== 'option') fail(`Unknown option: ${token.value ?? '--'}`);
  if (!known.has(token.rawName)) fail(`Unknown option: ${token.rawName}`);
  const wantsValue = options[token.name].type === 'string';
  if (wantsValue && !token.value) fail(`${token.rawName} needs a value`);
  values[token.name] = wantsValue ? token.value : true;
}
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
if (values.real !== undefined && values.real !== 'research') {
  fail(`--real ${values.real} is not offered: only research has no effects outside`);
}
if (values.real !== undefined && (values.fault !== undefined || values.payments !== undefined)) {
  fail('--fault and --payments are for stand-ins, and --real uses none');
}
if (values.payments !== undefined && !['ledger', 'stripe'].includes(values.payments)) {
  fail(`--payments ${values.payments}: it is ledger or stripe`);
}

try {
  await ensureInstalled();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

const child = spawn(node24, [join('e2e', 'src', 'task-flow', 'main.ts'), ...words], {
  cwd: repositoryRoot,
  env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both processes; the program treats a repeated signal as one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
