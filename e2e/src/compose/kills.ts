import process from 'node:process';
import type { Stack } from './stack.ts';

export interface Recovery {
  what: string;
  seconds: number;
}

// What is to be back: the gateway, its stores, and a worker of each queue.
const allowedSeconds = 30;
const betweenMs = 1_500;
// Only to end what hangs: how long it took is judged by its own measure.
const guardSeconds = 600;

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Kills containers, one after the other, each when the plane is ready again. The first process of a container is killed from outside, as the
 * kernel kills one that is out of memory: `docker kill` would count as the wish that it stays down.
 */
export async function killContainers(
  stack: Stack,
  count: number,
  random: () => number,
  onKill: (recovery: Recovery) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    const running = [...(await stack.containers())].toSorted(([a], [b]) => a.localeCompare(b));
    const chosen = running[Math.floor(random() * running.length)];
    if (chosen === undefined) throw new Error('No container runs.');
    const [service, { pid }] = chosen;
    kill(pid);
    await onKill({ what: `kill ${service}`, seconds: await recovered(stack, service, pid) });
    await new Promise((resolve) => setTimeout(resolve, betweenMs));
  }
}

/** Restarts the whole, in turn as an operator does and as a power cut does. */
export async function restartAll(stack: Stack, round: number): Promise<Recovery> {
  if (round % 2 === 0) {
    await stack.compose(['stop']);
    const begun = performance.now();
    await stack.compose(['up', '--detach', '--no-build']);
    await stack.waitReady(guardSeconds);
    return { what: 'restart', seconds: (performance.now() - begun) / 1_000 };
  }
  for (const { pid } of (await stack.containers()).values()) kill(pid);
  return { what: 'kill of all at once', seconds: await recovered(stack) };
}

/** Until the killed container runs again, and the plane is ready. */
async function recovered(stack: Stack, service?: string, before?: number): Promise<number> {
  const begun = performance.now();
  const limit = guardSeconds * 1_000;
  const runsAgain = async () => {
    if (service === undefined) return true;
    const found = (await stack.containers()).get(service);
    return found !== undefined && found.pid !== before;
  };
  while (!(await runsAgain())) {
    if (performance.now() - begun > limit) throw new Error(`${service ?? 'It'} was not started again.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await stack.waitReady(guardSeconds);
  return (performance.now() - begun) / 1_000;
}

export const isLate = ({ seconds }: Recovery): boolean => seconds > allowedSeconds;

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended at this very moment.
  }
}
