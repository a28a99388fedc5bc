import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { ActpError, ActpUnavailable, createClient, type Approval } from '@actp/sdk';
import { decisionCommand } from './decision-command.ts';
import { planeAddress, telegramState, type PlaneAddress } from './plane.ts';
import { runDemo } from './run-demo.ts';
import { createTerminalOutput } from './terminal-output.ts';

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function addressOrFail(): PlaneAddress {
  try {
    return planeAddress(process.env, envFile ? readFileSync('.env') : '');
  } catch (error) {
    return fail(messageOf(error));
  }
}

const envFile = existsSync('.env');
const { url, secret, operatorEmail } = addressOrFail();
const start = 'Start one in another terminal and keep it running: npm start';
const telegram = await telegramState(url);
if (telegram === undefined) fail(`No plane is running at ${url}.\n${start}`);
if (secret === undefined)
  fail('WORKER_SECRET is set neither in the environment nor in .env.\nnpm start generates one.');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
}

const output = createTerminalOutput(process.stdout);
const showHowToDecide = (approval: Approval) => {
  const command = (decision: 'approved' | 'rejected') =>
    decisionCommand({ url, operatorEmail, envFile, approval, decision });
  if (telegram === 'ok')
    output.line('In Telegram: a user listed in TELEGRAM_APPROVER_IDS presses Approve or Reject.\n');
  else output.line(`Telegram is not available (${telegram}); decide with a command.\n`, 'dim');
  output.line('In another terminal, in this folder, to approve:\n');
  output.line(`${command('approved')}\n`, 'cyan');
  output.line('To reject, replace "approved" with "rejected".\n');
};

try {
  const client = createClient({ url, secret, agentId: 'demo-agent' });
  await runDemo({ client, output, showHowToDecide, workId: `demo-${randomUUID()}`, signal: stopping.signal });
} catch (error) {
  if (stopping.signal.aborted)
    fail('\nStopped: nothing was sent. The approval was cancelled if it was still pending.');
  if (error instanceof ActpUnavailable)
    fail(`The plane at ${url} is no longer available (${error.message}).\n${start}`);
  if (error instanceof ActpError && error.code === 'unauthenticated') {
    fail(`The plane at ${url} rejects this WORKER_SECRET. Does .env belong to another copy?`);
  }
  fail(messageOf(error));
}
