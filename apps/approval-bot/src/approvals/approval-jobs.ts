import { setTimeout as delay } from 'node:timers/promises';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Handlers } from '@actp/shared/jobs/worker';
import type { CallbackOutbox } from '../callbacks/callback-outbox.ts';
import type { Courier } from '../callbacks/courier.ts';
import type { Desk } from './desk/desk.ts';

// A job only makes things soon, so it does not wait for all of it: its worker has to stay free for the next one.
const waitMs = 100;

/** The jobs of queue `approval`. */
export function createApprovalJobs(deps: {
  desk: Desk | undefined;
  courier: Courier;
  outbox: CallbackOutbox;
  producer: Producer;
}): Handlers<'approval'> {
  const { desk, courier, outbox, producer } = deps;
  return {
    async 'sync-approval'({ approval_id }) {
      desk?.wake();
      for (const version of await outbox.untried(approval_id)) {
        const jobId = `callback-${approval_id}-${version}`;
        await producer.add('deliver-callback', { approval_id, version }, { jobId });
      }
      return soon(desk?.settled());
    },
    'deliver-callback': ({ approval_id }) => soon(courier.deliver(approval_id)),
  };
}

async function soon(work: Promise<void> | undefined): Promise<{ state: 'done' | 'under_way' }> {
  const late = delay(waitMs, 'under_way' as const, { ref: false });
  return { state: await Promise.race([Promise.resolve(work).then(() => 'done' as const), late]) };
}
