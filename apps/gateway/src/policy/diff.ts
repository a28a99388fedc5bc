import { resolve } from 'node:path';
import { decide, type Decision, type DecideRequest } from '@actp/policy/decide';
import { loadPolicy } from '@actp/policy/load-policy';
import type { CommandLine } from './command-line.ts';
import { requestsFromFile } from './requests-from-file.ts';
import { requestsFromLog } from './requests-from-log.ts';

/** Requests that were made, and how many could not be read back. */
export interface PastRequests {
  requests: DecideRequest[];
  unknown: number;
  /** Where they come from, in words. */
  source: string;
}

/** `diff <new file>`: which of the last requests the new file decides otherwise than the one that runs. */
export async function diff(line: CommandLine, say: (text: string) => void): Promise<number> {
  const { maxSpendPerTask } = line;
  const running = { ...(await loadPolicy(line.file)), maxSpendPerTask };
  const changed = { ...(await loadPolicy(resolve(line.words[0] ?? ''))), maxSpendPerTask };
  const past = line.from === undefined ? await requestsFromLog(line) : await requestsFromFile(line.from);

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
  say(`${past.requests.length} requests ${past.source}: ${count} would be decided otherwise`);
  for (const [change, times] of [...changes].toSorted((a, b) => b[1] - a[1])) say(`  ${times} x ${change}`);
  if (past.unknown > 0) say(`${past.unknown} more cannot be decided again: their details were not kept`);
  say(`running ${running.version}, new ${changed.version}`);
  return 0;
}

function changeOf(action: string, before: Decision, after: Decision): string {
  return `${action}: ${before.effect} -> ${after.effect} (${before.rule} -> ${after.rule})`;
}
