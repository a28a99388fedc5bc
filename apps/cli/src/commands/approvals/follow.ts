import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';
import type { OperatorClient } from '../../gateway/operator-client.ts';
import { GatewayRefusal } from '../../gateway/problem.ts';
import type { Prompts } from '../../prompts.ts';
import { findApproval } from './approval-pages.ts';
import { readCard } from './card.ts';
import { decide, type Decision } from './decide.ts';
import { createPendingChanges } from './pending-changes.ts';
import { decisionText } from './texts.ts';

export interface FollowDeps {
  cli: Pick<Cli, 'say' | 'err'>;
  client: OperatorClient;
  prompts: Prompts;
  json: boolean;
}

const pollMs = 2_000;
const usage = 'approve <id> [reason], reject <id> [reason], show <id>, or quit';

/** Says what is pending and what becomes of it, until it is ended. At a terminal commands are taken meanwhile. */
export async function follow(deps: FollowDeps): Promise<void> {
  const { cli, client, prompts, json } = deps;
  const changes = createPendingChanges(client, json);
  if (!prompts.interactive || json) {
    for (;;) {
      for (const line of await changes()) cli.say(line);
      await delay(pollMs);
    }
  }
  cli.err.write(`Following; ${usage}.\n`);
  for (;;) {
    const typed = await nextCommand(deps, changes);
    if (typed === undefined) return;
    try {
      if ((await run(deps, typed)) === 'quit') return;
    } catch (error) {
      if (!(error instanceof CliError) || isEnd(error)) throw error;
      cli.err.write(`${error.message}\n`);
    }
  }
}

// The session, or a person's patience, is over.
const isEnd = (error: CliError) =>
  error.exitCode > 2 || (error instanceof GatewayRefusal && error.status === 401);

async function nextCommand(
  { cli, prompts }: FollowDeps,
  changes: () => Promise<string[]>,
): Promise<string | undefined> {
  const stop = new AbortController();
  const prompt = prompts.command('> ');
  const poll = async (): Promise<undefined> => {
    while (!stop.signal.aborted) {
      const lines = await changes();
      if (lines.length > 0) prompt.above(() => lines.forEach((line) => cli.say(line)));
      await delay(pollMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    return undefined;
  };
  const polling = poll();
  try {
    return await Promise.race([prompt.line, polling]);
  } finally {
    prompt.close();
    stop.abort();
    // What is under way may still say something; a failure of it has ended the race, or is met again.
    await polling.catch(() => undefined);
  }
}

const decisions: Readonly<Record<string, Decision>> = {
  a: 'approved',
  approve: 'approved',
  r: 'rejected',
  reject: 'rejected',
};

async function run({ cli, client, prompts }: FollowDeps, typed: string): Promise<'quit' | undefined> {
  const [name = '', id, ...rest] = typed.trim().split(/\s+/);
  if (name === '') return undefined;
  if (/^(?:q|quit|exit)$/i.test(name)) return 'quit';
  const decision = decisions[name.toLowerCase()];
  if (id !== undefined && decision !== undefined) {
    const reason = rest.length === 0 ? undefined : rest.join(' ');
    const deps = { client, prompts, show: cli.say };
    const approval = await decide(deps, await findApproval(client, id), { decision, reason });
    cli.say(decisionText(approval));
  } else if (id !== undefined && /^(?:s|show)$/i.test(name)) {
    cli.say((await readCard(client, await findApproval(client, id))).card);
  } else {
    cli.err.write(`Not understood: ${usage}.\n`);
  }
  return undefined;
}
