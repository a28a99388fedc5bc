// An agent as a process of its own, for tests that kill it: guards one piece of work and says how far it is.
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { createClient } from '@actp/sdk';

const {
  ACTP_URL = '',
  WORKER_SECRET = '',
  WORK_ID = '',
  EFFECTS = '',
  HOLD = '',
  RECIPIENTS = '25',
} = process.env;

/** Says where it is, and stays there when it is told to. */
async function reach(point: 'pending' | 'redeemed' | 'acted'): Promise<void> {
  process.stdout.write(`${point}\n`);
  if (HOLD === point) await new Promise(() => setInterval(() => undefined, 60_000));
}

const client = createClient({
  url: ACTP_URL,
  secret: WORKER_SECRET,
  agentId: 'crashing-agent',
  waitSeconds: 5,
});
try {
  await client.guard(
    'dm.bulk_send',
    { recipients: Number(RECIPIENTS) },
    async () => {
      await reach('redeemed');
      appendFileSync(EFFECTS, `${process.pid}\n`);
      await reach('acted');
    },
    { workId: WORK_ID, onPending: () => void reach('pending') },
  );
  process.stdout.write('finished\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.name : 'failed'}\n`);
}
