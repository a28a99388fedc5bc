import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@actp/db/client';
import { readReadiness } from '@actp/services/readiness/read';
import type { Producer } from '@actp/shared/jobs/producer';

// Then the gateway says itself what is missing.
const withinMs = 3_000;
const pollMs = 25;

/**
 * Waits until Redis and the database answer, for at most three seconds. Who connects meanwhile waits in the queue of the socket, instead of
 * hearing from a gateway that is still connecting that the plane is not ready.
 */
export async function waitForStores(db: Db, producer: Producer): Promise<void> {
  const end = performance.now() + withinMs;
  const answers = [() => readReadiness(db), () => producer.ping()].map((ask) => answered(ask, end));
  await Promise.race([Promise.all(answers), delay(withinMs, undefined, { ref: false })]);
}

async function answered(ask: () => Promise<unknown>, end: number): Promise<void> {
  while (performance.now() < end) {
    const there = await ask().then(
      () => true,
      () => false,
    );
    if (there) return;
    await delay(pollMs);
  }
}
