import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '@actp/embedded/startup-error';
import { askGateway, type GatewayAddress } from './ask-gateway.ts';

export interface GatewayReadyOptions {
  gateway: GatewayAddress;
  /** The name of an app that keeps dying, with what it said last. */
  crashing: () => { app: string; lastLines: readonly string[] } | undefined;
  logs: string;
  deadlineMs?: number;
  signal: AbortSignal;
  say: (text: string) => void;
}

const pollMs = 100;
// By then it should be ready: what it waits for is of interest.
const patienceMs = 8_000;

/**
 * Waits until the gateway says that the whole plane is ready.
 *
 * @throws StartupError naming the checks that fail, or the app that does not stay up; the reason of an abort
 */
export async function waitForGateway(options: GatewayReadyOptions): Promise<void> {
  const { gateway, crashing, logs, deadlineMs = 60_000, signal, say } = options;
  const begun = Date.now();
  let told = false;
  let failing = 'the gateway does not answer';
  for (;;) {
    signal.throwIfAborted();
    const answer = await askGateway(gateway, '/readyz', { signal });
    if (answer?.status === 200) return;
    if (answer !== undefined) failing = failingChecks(answer.body);
    const crash = crashing();
    if (crash !== undefined) {
      throw new StartupError(
        `${crash.app} does not stay up:\n${crash.lastLines.join('\n')}`,
        `Its whole log is in ${logs}.`,
      );
    }
    const waited = Date.now() - begun;
    if (waited > patienceMs && !told) {
      say(`Still waiting for ${failing}`);
      told = true;
    }
    if (waited > deadlineMs) {
      throw new StartupError(
        `The plane is not ready after ${deadlineMs / 1000} s: ${failing}.`,
        `Look at the logs in ${logs}.`,
      );
    }
    await delay(pollMs);
  }
}

function failingChecks(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('checks' in body)) return 'it answers 503';
  const failing = Object.entries(Object(body.checks)).filter(
    ([, state]) => state !== 'ok' && state !== 'off',
  );
  return failing.map(([name, state]) => `${name}: ${String(state)}`).join(', ');
}
