import { Gauge, type Registry } from 'prom-client';
import { queueNames } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';

/** How much is in every queue, and for how long; no value while Redis is away. */
export function addQueueMetrics(registry: Registry, producer: Producer): void {
  new Gauge({
    name: 'actp_queue_jobs',
    help: 'Jobs in each queue by state; no value while Redis is away',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      this.reset();
      await Promise.allSettled(
        queueNames.map(async (name) => {
          const counts = await producer.use(name, (queue) => queue.getJobCounts());
          for (const [state, count] of Object.entries(counts)) {
            this.set({ queue: name, state }, count);
          }
        }),
      );
    },
  });
  new Gauge({
    name: 'actp_queue_oldest_seconds',
    help: 'How long the job that is next in a queue has existed; 0 when none waits, no value while Redis is away',
    labelNames: ['queue'],
    registers: [registry],
    async collect() {
      this.reset();
      await Promise.allSettled(
        queueNames.map(async (name) => this.set({ queue: name }, await oldestSeconds(producer, name))),
      );
    },
  });
}

// Without its payload, which can have megabytes.
function oldestSeconds(producer: Producer, name: (typeof queueNames)[number]): Promise<number> {
  return producer.use(name, async (queue) => {
    const [id] = await queue.getRanges(['wait'], 0, 0, true);
    if (id === undefined) return 0;
    const client = await queue.getBackend().client;
    const added = Number(await client.hget(queue.toKey(id), 'timestamp'));
    return Number.isFinite(added) && added > 0 ? Math.max(0, (Date.now() - added) / 1_000) : 0;
  });
}
