import { randomBytes } from 'node:crypto';
import { createCallers, type TrialCallers } from './callers.ts';
import { findLosses } from './check-ledger.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Stack } from './stack.ts';
import type { TrialOptions } from './trial-options.ts';

const file = '/backups/transfer';
const cliMain = 'node apps/cli/src/main.ts';
const acceptAttempts = 60;

/** A backup of the plane, restored into an empty one; then everything is there as well, for as far as a backup keeps it. */
export async function movePlane(options: TrialOptions, callers: TrialCallers, ledger: Ledger): Promise<void> {
  const { stack, openSecond, report, now, signal } = options;
  const env = { BACKUP_PASSPHRASE: randomBytes(16).toString('hex') };
  const shell = (service: string, script: string) => [
    'run',
    '--rm',
    '--no-deps',
    '-T',
    '-e',
    'BACKUP_PASSPHRASE',
    '--entrypoint',
    'sh',
    service,
    '-c',
    script,
  ];
  const write = `set -e; rm -f ${file}; ${cliMain} backup --to ${file} >&2; cat ${file}; rm ${file}`;
  const copy = await stack.compose(shell('cli', write), { env, binary: true });
  report.add({ what: 'backup', found: `${Math.round(copy.length / 1_000)} kB` });

  const second = await openSecond();
  await second.useVersion(now);
  await second.compose(['up', '--detach', 'redis', 'postgres']);
  await second.compose(['up', 'migrate']);
  const read = `set -e; cat > ${file}; ${cliMain} restore ${file} >&2; rm ${file}; cat /tmp/restored.env`;
  const restored = await second.compose(shell('restore', read), { env, input: copy, binary: true });
  await second.useVersion(now, restored);
  await second.compose(['up', '--detach', '--no-build']);
  await accept(second, signal);
  await second.waitReady(600);
  const [workerSecret, password] = callers.secrets;
  const there = await createCallers(second, signal, { workerSecret, password });
  const losses = await findLosses(there.current(), inBackup(ledger));
  const lost = Object.values(losses).flat();
  const verified =
    (await second.compose(['run', '--rm', '-T', 'cli', 'audit', 'verify'])).split('\n')[0] ?? '';
  report.add({
    what: 'restored into an empty plane',
    found: `lost ${lost.length}; ${verified}`,
    holds: lost.length === 0 && verified.includes('intact'),
  });
}

/** A copy is held until its operator accepts it, which is refused until the auditor has looked. */
async function accept(second: Stack, signal: AbortSignal): Promise<void> {
  const words = ['run', '--rm', '--no-deps', '-T', 'cli', 'restore', '--accept', '--yes'];
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const problem = await second.compose(words).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (problem === undefined) return;
    if (attempt === acceptAttempts) throw problem;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

// Jobs are in Redis, which a backup does not hold: what they are about is in the database.
const inBackup = (ledger: Ledger): Ledger => ({
  ...createLedger(),
  // What was approved and not redeemed is void in a copy.
  approvals: new Map(
    [...ledger.approvals].map(([id, state]) => [id, state === 'approved' ? 'asked' : state]),
  ),
  tasks: ledger.tasks,
  events: ledger.events,
});
