import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { awaitWrittenEvents } from './await-written.ts';

const stores = await openStores();
const producer = createProducer({ redis: stores.env, log: createLogger({ app: 'test', level: 'silent' }) });
atEnd(() => producer.close());
const add = () =>
  producer.add('write-audit-events', {
    events: [{ event_id: randomUUID(), agent_id: 'a', action_type: 'b.c', status: 'ok', source: 'http' }],
  });

describe('[OPS-002] waiting for acknowledged audit events', () => {
  it('ends when those from before are written, whatever comes later and whatever the cron table holds', async () => {
    await producer.use('audit', (queue) =>
      queue.upsertJobScheduler(
        'weekly',
        { pattern: '0 0 1 1 *' },
        { name: 'weekly-audit-summary', data: {} },
      ),
    );
    await awaitWrittenEvents({ producer });
    const before = await add();
    const written = awaitWrittenEvents({ producer: watched(() => before.remove()) });
    await written;
    expect(await producer.use('audit', (queue) => queue.getWaitingCount())).toBe(1);
  });

  it('is given up when nobody writes', async () => {
    await add();
    await expect(awaitWrittenEvents({ producer, patienceMs: 100 })).rejects.toThrow(
      'the auditor is unavailable',
    );
  });
});

/** After its first look another event comes, and then the one from before is written. */
function watched(write: () => Promise<void>): Parameters<typeof awaitWrittenEvents>[0]['producer'] {
  let looks = 0;
  return {
    async use(queue, work) {
      looks += 1;
      const answer = await producer.use(queue, work);
      if (looks === 1) await add();
      if (looks === 2) await write();
      return answer;
    },
  };
}
