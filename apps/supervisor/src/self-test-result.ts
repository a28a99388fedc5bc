import { setTimeout as delay } from 'node:timers/promises';
import { requestGateway, type GatewayAddress } from './gateway-request.ts';
import { failureLines } from './self-test-failures.ts';

export interface SelfTestOptions {
  gateway: GatewayAddress;
  workerSecret: string;
  /** The id of this start, by which its self-test is known: a run of an earlier one that was cut off may end just now. */
  startId: string;
  signal: AbortSignal;
  /** The log of who ran it, as people find it. */
  log?: string;
  pollMs?: number;
}

const defaultPollMs = 2_000;
const deadlineMs = 30 * 60_000;
// Three snapshots at their largest.
const mostBytes = 4 * 1024 * 1024;

/** Waits for the self-test that this start asked for; what became of it, or undefined when it did not end. */
export async function selfTestResult(options: SelfTestOptions): Promise<string | undefined> {
  const { gateway, workerSecret, startId, signal, log, pollMs = defaultPollMs } = options;
  const headers = { authorization: `Bearer ${workerSecret}` };
  const deadline = performance.now() + deadlineMs;
  while (!signal.aborted && performance.now() < deadline) {
    const response = await requestGateway(gateway, `/v1/jobs/selftest/startup-${startId}`, {
      headers,
      signal,
    });
    const job = response?.status === 200 ? fieldsOf(response.body) : {};
    if (job['state'] === 'completed') return resultText(options, headers, fieldsOf(job['result']));
    if (job['state'] === 'failed') {
      return `Self-test did not finish; see ${log ?? 'the log of selftest-runner'}`;
    }
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

async function resultText(
  { gateway, signal, log }: SelfTestOptions,
  headers: Record<string, string>,
  result: Record<string, unknown>,
): Promise<string> {
  const passed = result['status'] === 'passed';
  if (passed) return describe(result);
  // The newest may be the one of somebody who asked meanwhile.
  const response = await requestGateway(gateway, '/v1/health/snapshots?limit=3', {
    headers,
    signal,
    maxBytes: mostBytes,
  });
  const snapshots: unknown = fieldsOf(response?.body)['snapshots'];
  const own = (Array.isArray(snapshots) ? snapshots : [])
    .map(fieldsOf)
    .find((snapshot) => snapshot['run_id'] === result['run_id']);
  const next = log === undefined ? [] : [nextText(log)];
  return [describe(result), ...(own === undefined ? [] : failureLines(own)), ...next].join('\n');
}

const nextText = (log: string) =>
  `  Look next: ${log}; all of it: GET /v1/health/snapshots?limit=1, as the banner shows; again: POST /v1/jobs/selftest`;

const fieldsOf = (value: unknown): Record<string, unknown> => ({ ...Object(value) });

function describe(result: Record<string, unknown>): string {
  const count = (name: string) => JSON.stringify(result[name] ?? 0).replaceAll('"', '');
  const tests = `${count('tests_passed')} of ${count('tests_total')} tests passed`;
  const services = `${count('services_up')} of ${count('services_total')} services up`;
  return `Self-test ${count('status')}: ${tests}, ${services}`;
}
