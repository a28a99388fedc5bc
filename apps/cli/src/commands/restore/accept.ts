import { userInfo } from 'node:os';
import { createDb } from '@actp/db/client';
import { acceptRestored, type AcceptedFacts, type AcceptResult } from '@actp/services/anchor/accept-restored';
import { messageOf } from '@actp/shared/errors';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';
import { createPrompts } from '../../prompts.ts';

// All that is open is written in one transaction.
const callMs = 60_000;
const word = 'accept';

export interface AcceptOptions {
  newSigningKey: boolean;
  /** Without asking. */
  yes: boolean;
  /** The result as JSON; what a person has to read before goes to standard error. */
  json: boolean;
}

/** Accepts the database of the running plane, after an operator's word. */
export async function accept(cli: Cli, options: AcceptOptions): Promise<void> {
  const db = createDb(await cli.plane.database(), 'cli', callMs);
  const request = { by: userInfo().username, newSigningKey: options.newSigningKey };
  const ask = (dryRun: boolean) =>
    acceptRestored(db, { ...request, dryRun }).catch((error: unknown) => {
      throw new CliError(`Not accepted: ${messageOf(error)}`, { cause: error, exitCode: 1 });
    });
  const planned = await ask(true);
  if (planned.result !== 'would_accept') throw refusal(planned);
  for (const line of planLines(planned)) {
    if (options.json) cli.err.write(`${line}\n`);
    else cli.say(line);
  }
  if (!options.yes) await confirm(cli);
  const done = await ask(false);
  if (done.result !== 'accepted') throw refusal(done);
  if (options.json) {
    cli.say(JSON.stringify(done));
    return;
  }
  cli.say(`Accepted: ${done.pending + done.granted} approvals are void, ${done.tasks} tasks ended.`);
  cli.say('The plane is no longer held.');
}

function refusal(result: AcceptResult): CliError {
  if (result.result === 'not_held') {
    return new CliError('Nothing to accept: this database is not held.', { exitCode: 1 });
  }
  if (result.result === 'signing_key') return new CliError(result.reason, { exitCode: 1 });
  return new CliError(
    'The auditor has not yet compared this database with the anchor.\nStart the plane (npm start), then try again.',
    { exitCode: 1 },
  );
}

function planLines(facts: AcceptedFacts): string[] {
  return [
    `Held: ${facts.reason}`,
    '',
    'Accepting this database',
    `  voids ${facts.pending} open and ${facts.granted} granted approvals, and ends ${facts.tasks} tasks`,
    `  ends ${facts.sessions} sessions: everybody logs in again`,
    `  stops: ${facts.stopped.length === 0 ? 'nothing; nothing was stopped' : facts.stopped.join(', ')}`,
    ...facts.effects.map(
      ({ action, key, id }) =>
        `  leaves unknown whether it happened: ${action}, key ${key}, effect ${id}; look it up at the service`,
    ),
    'What was done after this copy was made is not in it: redeemed approvals, spending, counted limits, ended accounts and keys.',
    '',
  ];
}

async function confirm(cli: Cli): Promise<void> {
  const prompts = createPrompts(cli.input, cli.err);
  try {
    const answer = await prompts.ask(`Type ${word} to accept it: `, 'Nothing was changed.');
    if (answer.trim() === word) return;
  } finally {
    prompts.close();
  }
  throw new CliError('Nothing was changed.', { exitCode: 1 });
}
