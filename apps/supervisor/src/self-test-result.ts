import { setTimeout as delay } from 'node:timers/promises';
import { requestGateway, type GatewayAddress } from './gateway-request.ts';

export interface SelfTestOptions {
  gateway: GatewayAddress;
  workerSecret: string;
  /** The id of this start, by which its self-test is known: a run of an earlier one that was cut off may end just now. */
  startId: string;
  signal: AbortSignal;
  pollMs?: number;
}

const defaultPollMs = 2_000;
const deadlineMs = 30 * 60_000;

/** Waits for the self-test that this start asked for; one line about it, or undefined when it did not end. */
export async function selfTestResult(options: SelfTestOptions): Promise<string | undefined> {
  const { gateway, workerSecret, startId, signal, pollMs = defaultPollMs } = options;
  const headers = { authorization: `Bearer ${workerSecret}` };
  const deadline = performance.now() + deadlineMs;
  while (!signal.aborted && performance.now() < deadline) {
    const response = await requestGateway(gateway, `/v1/jobs/selftest/startup-${startId}`, {
      headers,
      signal,
    });
    const job = response?.status === 200 ? fieldsOf(response.body) : {};
    if (job['state'] === 'completed') return describe(fieldsOf(job['result']));
    if (job['state'] === 'failed') return 'Self-test did not finish; see the log of selftest-runner';
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

const fieldsOf = (value: unknown): Record<string, unknown> => ({ ...Object(value) });

function describe(result: Record<string, unknown>): string {
  const count = (name: string) => JSON.stringify(result[name] ?? 0).replaceAll('"', '');
  const tests = `${count('tests_passed')} of ${count('tests_total')} tests passed`;
  const services = `${count('services_up')} of ${count('services_total')} services up`;
  return `Self-test ${count('status')}: ${tests}, ${services}`;
}
