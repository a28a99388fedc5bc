import { createCallers, type TrialCallers } from './callers.ts';
import { findLosses } from './check-ledger.ts';
import { lookAtContainers, memory } from './facts.ts';
import { isLate, killContainers, restartAll, seeded, type Recovery } from './kills.ts';
import { acknowledged, createLedger, type Ledger } from './ledger.ts';
import { selfTest, work } from './load.ts';
import { movePlane } from './move-plane.ts';
import type { TrialOptions } from './trial-options.ts';

const allowedStartSeconds = 90;

/** The whole trial of a plane in containers, from nothing to a copy of it somewhere else. */
export async function runTrial(options: TrialOptions): Promise<void> {
  const { stack, report, engine, before, now } = options;
  await stack.useVersion(before ?? now);
  const begun = performance.now();
  await stack.compose(['up', '--detach', '--no-build']);
  await stack.waitReady(600);
  const seconds = (performance.now() - begun) / 1_000;
  report.add({
    what: 'from nothing to ready',
    found: `${seconds.toFixed(1)} s`,
    holds: seconds < allowedStartSeconds,
  });

  const callers = await createCallers(stack, options.signal);
  const ledger = createLedger();
  await look(options, callers);
  await upgrade(options, callers, ledger);
  await disturb(options, callers, ledger);
  await settle(options, callers, ledger);
  await movePlane(options, callers, ledger);
  const used = await memory(engine, stack);
  const total = Object.values(used).reduce((sum, one) => sum + one, 0);
  report.add({ what: 'memory at the end', found: `${Math.round(total)} MiB` });
}

/** Who may do what, who listens where, and what an idle plane takes. */
async function look({ engine, stack, report }: TrialOptions, callers: TrialCallers): Promise<void> {
  const { published, problems } = await lookAtContainers(engine, stack, callers.secrets);
  report.add({ what: 'published', found: published.join(', '), holds: published.length === 1 });
  report.add({
    what: 'rights of the containers',
    found: problems.join('; ') || 'as in the file',
    holds: problems.length === 0,
  });
  const address = await callers.addressInAudit();
  report.add({
    what: 'a call of this machine, in the audit log',
    found: address,
    holds: address === '127.0.0.1',
  });
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  const used = await memory(engine, stack);
  const total = Object.values(used).reduce((sum, one) => sum + one, 0);
  const each = Object.entries(used).map(([service, one]) => `${service} ${Math.round(one)}`);
  report.add({ what: 'memory when idle', found: `${Math.round(total)} MiB (${each.join(', ')})` });
}

/** The images of now take the place of those of before, while the plane is used. */
async function upgrade(
  { stack, report, before, now, signal }: TrialOptions,
  callers: TrialCallers,
  ledger: Ledger,
): Promise<void> {
  if (before === undefined)
    return report.add({ what: 'upgrade', found: 'there is no revision before this one' });
  const { stop } = underLoad(callers, ledger, signal);
  await stack.useVersion(now);
  const begun = performance.now();
  await stack.compose(['up', '--detach', '--no-build']);
  await stack.waitReady(600);
  report.add({
    what: `upgrade from ${before}`,
    found: `ready after ${((performance.now() - begun) / 1_000).toFixed(1)} s`,
    holds: true,
  });
  await stop();
}

async function disturb(options: TrialOptions, callers: TrialCallers, ledger: Ledger): Promise<void> {
  const { stack, report, kills, restarts, seed, signal } = options;
  const recoveries: Recovery[] = [];
  const { stop } = underLoad(callers, ledger, signal);
  const note = async (recovery: Recovery) => {
    signal.throwIfAborted();
    recoveries.push(recovery);
    report.say(
      `${recovery.what}: ready after ${recovery.seconds.toFixed(1)} s; ${acknowledged(ledger)} acknowledged so far`,
    );
    if (recoveries.length % 10 === 1) await selfTest(callers.current(), ledger);
  };
  const random = seeded(seed);
  const perRestart = Math.ceil(kills / Math.max(1, restarts));
  let left = kills;
  for (let round = 0; round < Math.max(1, restarts); round += 1) {
    const now = Math.min(left, perRestart);
    left -= now;
    await killContainers(stack, now, random, note);
    if (round < restarts) await note(await restartAll(stack, round));
  }
  await stop();
  const slowest = recoveries.toSorted((a, b) => b.seconds - a.seconds)[0];
  report.add({
    what: `${kills} kills and ${restarts} restarts of the whole`,
    found: `slowest ${slowest?.seconds.toFixed(1) ?? '0'} s (${slowest?.what ?? 'none'})`,
    holds: !recoveries.some(isLate),
  });
}

/** What was promised is there, the log is intact, and a self-test finds nothing. */
async function settle({ stack, report }: TrialOptions, callers: TrialCallers, ledger: Ledger): Promise<void> {
  await stack.waitReady(600);
  await selfTest(callers.current(), ledger);
  const losses = await findLosses(callers.current(), ledger);
  const decided = [...ledger.approvals.values()].filter((state) => state !== 'asked').length;
  const counts = {
    approvals: ledger.approvals.size,
    tasks: ledger.tasks.size,
    events: ledger.events.size,
    jobs: ledger.jobs.size,
  };
  for (const kind of ['approvals', 'tasks', 'events', 'jobs'] as const) {
    const lost = losses[kind];
    report.add({
      what: `acknowledged ${kind}`,
      found: `${counts[kind]}${kind === 'approvals' ? ` (${decided} decided)` : ''}, lost ${lost.length}${lost.length > 0 ? `: ${lost.slice(0, 5).join(', ')}` : ''}`,
      holds: lost.length === 0 && counts[kind] > 0 && decided > 0,
    });
  }
  report.add({ what: 'requests without a yes', found: String(ledger.refused) });
  const snapshot = await callers.newestSnapshot();
  report.add({ what: 'self-test', found: snapshot, holds: snapshot.startsWith('passed') });
  const verified =
    (await stack.compose(['run', '--rm', '-T', 'cli', 'audit', 'verify'])).split('\n')[0] ?? '';
  report.add({ what: 'audit log', found: verified, holds: verified.includes('intact') });
}

function underLoad(callers: TrialCallers, ledger: Ledger, signal: AbortSignal) {
  const ending = new AbortController();
  const working = work(callers.current(), ledger, AbortSignal.any([ending.signal, signal]));
  return {
    async stop() {
      ending.abort();
      await working;
    },
  };
}
