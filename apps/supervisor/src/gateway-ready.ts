import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '@actp/embedded/startup-error';
import { askGateway, type GatewayAddress } from './ask-gateway.ts';

export interface GatewayReadyOptions {
  gateway: GatewayAddress;
  /** The name of an app that keeps dying, with what it said last. */
  crashing: () => { app: string; lastLines: readonly string[] } | undefined;
  logs: string;
  deadlineMs?: number;
  aborted: () => boolean;
}

const pollMs = 100;

/**
 * Waits until the gateway says that the whole plane is ready.
 *
 * @throws StartupError naming the checks that fail, or the app that does not stay up
 */
export async function waitForGateway(options: GatewayReadyOptions): Promise<void> {
  const { gateway, crashing, logs, deadlineMs = 60_000, aborted } = options;
  const deadline = Date.now() + deadlineMs;
  let failing = 'the gateway does not answer';
  while (!aborted()) {
    const answer = await askGateway(gateway, '/readyz');
    if (answer?.status === 200) return;
    if (answer !== undefined) failing = failingChecks(answer.body);
    const crash = crashing();
    if (crash !== undefined) {
      throw new StartupError(
        `${crash.app} does not stay up:\n${crash.lastLines.join('\n')}`,
        `Its whole log is in ${logs}.`,
      );
    }
    if (Date.now() > deadline) {
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
