import { resolve } from 'node:path';
import { createDb } from '@actp/db/client';
import { decide, type Decision } from '@actp/policy/decide';
import type { AddCommand } from '../../command.ts';
import { fileOption, nonNegative, policyOf, policySettings } from './options.ts';
import type { PastRequests } from './past-request.ts';
import { requestsFromFile } from './requests-from-file.ts';
import { requestsFromLog } from './requests-from-log.ts';

interface DiffOptions {
  file?: string;
  last: number;
  from?: string;
}

const pageMs = 10_000;

/** `policy diff <new file>`: which of the last requests the new file decides differently from the one in force. */
export const diff: AddCommand = (group, cli) => {
  group
    .command('diff')
    .argument('<new-file>', 'the policy file to compare')
    .addOption(fileOption())
    .option('--last <number>', "how many requests of the running plane's audit log", nonNegative, 1_000)
    .option(
      '--from <file>',
      'requests from JSON Lines instead: exported audit events, or bodies of guard requests',
    )
    .summary('which past requests a new file would decide differently')
    .description('Decides the last guard requests again, by the policy in force and by a new file.')
    .action(async (newFile: string, options: DiffOptions) => {
      const { file, name, maxSpendPerTask } = await policySettings(cli, options.file);
      const running = { ...(await policyOf(file, name)), maxSpendPerTask };
      const changed = { ...(await policyOf(resolve(newFile), newFile)), maxSpendPerTask };
      const past =
        options.from === undefined
          ? await requestsFromLog(createDb(await cli.plane.database(), 'cli', pageMs), options.last)
          : await requestsFromFile(options.from);
      for (const line of comparison(past, running, changed)) cli.say(line);
    });
};

type VersionedRules = Parameters<typeof decide>[0] & { version: string };

function comparison(past: PastRequests, running: VersionedRules, changed: VersionedRules): string[] {
  const changes = new Map<string, number>();
  let count = 0;
  for (const request of past.requests) {
    const before = decide(running, request);
    const after = decide(changed, request);
    if (before.effect === after.effect) continue;
    count += 1;
    const change = changeOf(request.action, before, after);
    changes.set(change, (changes.get(change) ?? 0) + 1);
  }
  return [
    `${past.requests.length} requests ${past.source}: ${count} would be decided differently`,
    ...[...changes].toSorted((a, b) => b[1] - a[1]).map(([change, times]) => `  ${times} x ${change}`),
    ...(past.unknown > 0
      ? [`${past.unknown} more cannot be decided again: their details were not recorded`]
      : []),
    `running ${running.version}, new ${changed.version}`,
  ];
}

function changeOf(action: string, before: Decision, after: Decision): string {
  return `${action}: ${before.effect} -> ${after.effect} (${before.rule} -> ${after.rule})`;
}
