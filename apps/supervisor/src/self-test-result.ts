import { setTimeout as delay } from 'node:timers/promises';
import { askGateway, type GatewayAddress } from './ask-gateway.ts';

export interface SelfTestOptions {
  gateway: GatewayAddress;
  workerSecret: string;
  /** Only a run after this moment counts, milliseconds since the epoch. */
  since: number;
  signal: AbortSignal;
}

const pollMs = 2_000;
const deadlineMs = 30 * 60_000;
// The database's clock writes the time of a snapshot.
const clockSkewMs = 2_000;

/** Waits for the snapshot of the self-test that this start made; one line about it, or undefined when none came. */
export async function selfTestResult(options: SelfTestOptions): Promise<string | undefined> {
  const { gateway, workerSecret, since, signal } = options;
  const headers = { authorization: `Bearer ${workerSecret}` };
  const deadline = performance.now() + deadlineMs;
  while (!signal.aborted && performance.now() < deadline) {
    const answer = await askGateway(gateway, '/v1/health/snapshots?limit=1', { headers, signal });
    const snapshot = newest(answer?.body);
    if (Date.parse(String(snapshot['created_at'])) >= since - clockSkewMs) return describe(snapshot);
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

function newest(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || !('snapshots' in body)) return {};
  return Array.isArray(body.snapshots) ? { ...Object(body.snapshots[0]) } : {};
}

function describe(snapshot: Record<string, unknown>): string {
  const count = (name: string) => JSON.stringify(snapshot[name] ?? 0).replaceAll('"', '');
  const tests = `${count('tests_passed')} of ${count('tests_total')} tests passed`;
  const services = `${count('services_up')} of ${count('services_total')} services up`;
  return `Self-test ${count('status')}: ${tests}, ${services}`;
}
