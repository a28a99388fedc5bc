import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker } from '@actp/shared/jobs/worker';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { awaitWrittenEvents } from './await-written.ts';

const stores = await openStores();
const log = createLogger({ app: 'test', level: 'silent' });
const producer = createProducer({ redis: stores.env, log });
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

  it.each([
    ['that are to be tried again', { delay: 600_000 }],
    ['that go first', { priority: 7 }],
  ])('is for those as well %s', async (_which, options) => {
    await producer.use('audit', (queue) => queue.obliterate({ force: true }));
    await producer.use('audit', (queue) => queue.add('write-audit-events', { events: [] }, options));
    await expect(awaitWrittenEvents({ producer, patienceMs: 100 })).rejects.toThrow('the auditor');
  });

  it('is for those as well that are being written', async () => {
    await producer.use('audit', (queue) => queue.obliterate({ force: true }));
    await add();
    let write = (): void => undefined;
    const begun = Promise.withResolvers<void>();
    const worker = createWorker({
      ...{ queue: 'audit', redis: stores.env, log },
      handlers: {
        'write-audit-events': () => {
          begun.resolve();
          return new Promise((resolve) => {
            write = () => {
              resolve({ written: 1, known: 0 } as never);
            };
          });
        },
      } as Partial<Parameters<typeof createWorker<'audit'>>[0]['handlers']> as never, // of all jobs, only this one
    });
    atEnd(() => worker.close());
    await begun.promise;
    await expect(awaitWrittenEvents({ producer, patienceMs: 100 })).rejects.toThrow('the auditor');
    const written = awaitWrittenEvents({ producer });
    write();
    await written;
    await worker.close();
  });

  it('has patience as long as something is written', async () => {
    await producer.use('audit', (queue) => queue.obliterate({ force: true }));
    const jobs = [await add(), await add(), await add()];
    let looks = 0;
    await awaitWrittenEvents({
      patienceMs: 120,
      producer: {
        async use(queue, work) {
          looks += 1;
          // Together they take longer than that.
          if (looks % 2 === 0) await jobs.shift()?.remove();
          return producer.use(queue, work);
        },
      },
    });
    expect(looks).toBe(6);
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
