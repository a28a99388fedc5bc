import { sendCanary } from '@actp/shared/jobs/canary';
import { queueNames, queues } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';
import { fail, off, ok, type Check, type Finding } from './finding.ts';

const name = 'queues';
const canaryMs = 1_500;

/** Whether somebody consumes each queue, shown by a canary job. @param producer undefined: the plane does not run */
export const queuesCheck = (producer: Producer | undefined): Check => ({
  name,
  async look() {
    if (producer === undefined) return off(name, 'are consumed while the plane runs');
    const answers = await Promise.allSettled(
      queueNames.map((queue) => sendCanary(producer, queue, canaryMs)),
    );
    const silent = queueNames.filter((_, index) => answers[index]?.status === 'rejected');
    if (silent.length === 0)
      return [ok(name, `all ${queueNames.length} are consumed`), ...(await lostEvents(producer))];
    const apps = [...new Set(silent.map((queue) => queues[queue].consumer))];
    return fail(
      name,
      `nobody takes jobs from: ${silent.join(', ')}`,
      `See ${apps.map((app) => `${app}.log`).join(', ')} in ACTP_DATA_DIR/logs`,
    );
  },
});

/** What failed in the queue of audit events is in no table, and kept there until somebody has looked. */
async function lostEvents(producer: Producer): Promise<Finding[]> {
  const failed = await producer.use('audit', (queue) => queue.getFailedCount());
  if (failed === 0) return [];
  return [
    fail(
      'audit events',
      `${failed} jobs with events that were accepted have failed; their events are in no table`,
      'Look at them in the queue audit of /dashboard, and at auditor.log in ACTP_DATA_DIR/logs',
    ),
  ];
}
