import { randomBytes } from 'node:crypto';
import { createCallers, type TrialCallers } from './callers.ts';
import { findLosses } from './check-ledger.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { TrialOptions } from './trial-options.ts';

const file = '/backups/transfer';
const cliMain = 'node apps/cli/src/main.ts';

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

// Jobs are in Redis, which a backup does not hold: what they are about is in the database.
const inBackup = (ledger: Ledger): Ledger => ({
  ...createLedger(),
  approvals: ledger.approvals,
  tasks: ledger.tasks,
  events: ledger.events,
});
