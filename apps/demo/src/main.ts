import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { messageOf } from '@actp/shared/errors';
import { ActpError, ActpUnavailable, createClient, type Approval } from '@actp/sdk';
import { decisionCommand } from './decision-command.ts';
import { planeAddress, telegramState, type PlaneAddress } from './plane.ts';
import { runDemo } from './run-demo.ts';
import { createStory } from './story.ts';

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
if (telegram === undefined) fail(`No plane answers at ${url}.\n${start}`);
if (secret === undefined)
  fail('WORKER_SECRET is neither in the environment nor in .env.\nnpm start makes one.');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
}

const story = createStory(process.stdout);
const showWays = (approval: Approval) => {
  const command = (decision: 'approved' | 'rejected') =>
    decisionCommand({ url, operatorEmail, envFile, approval, decision });
  if (telegram === 'ok') story.line('In Telegram: one of TELEGRAM_APPROVER_IDS presses Approve or Reject.\n');
  else story.line(`Not in Telegram (${telegram}), but with a command.\n`, 'dim');
  story.line('In another terminal, in this folder, to approve:\n');
  story.line(`${command('approved')}\n`, 'cyan');
  story.line('or to reject: the same with "rejected" in place of "approved".\n');
};

try {
  const client = createClient({ url, secret, agentId: 'demo-agent' });
  await runDemo({ client, story, showWays, workId: `demo-${randomUUID()}`, signal: stopping.signal });
} catch (error) {
  if (stopping.signal.aborted)
    fail('\nStopped: nothing was sent. The question was taken back if it was still open.');
  if (error instanceof ActpUnavailable) fail(`The plane at ${url} went away (${error.message}).\n${start}`);
  if (error instanceof ActpError && error.code === 'unauthenticated') {
    fail(`The plane at ${url} does not take this WORKER_SECRET. Is it the .env of another copy?`);
  }
  fail(messageOf(error));
}
