import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '@actp/embedded/startup-error';
import { acceptCommand } from '@actp/shared/errors';
import { requestGateway, type GatewayAddress } from './gateway-request.ts';

export interface GatewayReadyOptions {
  gateway: GatewayAddress;
  /** The name of an app that keeps dying, with what it said last. */
  crashing: () => { app: string; lastLines: readonly string[] } | undefined;
  logs: string;
  /** How long only a service outside may be missing before the plane goes on without it. */
  graceMs?: number;
  deadlineMs?: number;
  signal: AbortSignal;
  say: (text: string) => void;
}

const pollMs = 100;
// By then it should be ready: what it waits for is of interest.
const defaultGraceMs = 8_000;
// A copy that was held before may be the right one by now: the auditor compares it as soon as it runs.
const heldGraceMs = 4_000;
// Not ours to start: its outage delays messages, and must not keep the guard and the approvals in the browser away.
const outside = new Set(['telegram']);
// An operator has to look, and needs the plane for that.
const held = 'anchor';

/**
 * Waits until the gateway says that the whole plane is ready, or that nothing is missing but a service outside or an operator's word.
 *
 * @returns why the plane is held, where it is
 * @throws StartupError naming the checks that fail, or the app that does not stay up; the reason of an abort
 */
export async function waitForGateway(options: GatewayReadyOptions): Promise<{ held: string | undefined }> {
  const { gateway, crashing, logs, deadlineMs = 60_000, graceMs = defaultGraceMs, signal, say } = options;
  const begun = performance.now();
  let announced = false;
  let failing = 'the gateway is not responding';
  for (;;) {
    signal.throwIfAborted();
    const response = await requestGateway(gateway, '/readyz', { signal });
    if (response?.status === 200) return { held: undefined };
    const checks = response === undefined ? undefined : failingChecks(response.body);
    if (checks !== undefined) failing = words(checks);
    const crash = crashing();
    if (crash !== undefined) {
      throw new StartupError(
        `${crash.app} keeps crashing:\n${crash.lastLines.join('\n')}`,
        `The full log is in ${logs}.`,
      );
    }
    const waited = performance.now() - begun;
    const hold = checks?.find(([name]) => name === held)?.[1];
    if (
      waited > heldGraceMs &&
      typeof hold === 'string' &&
      hold.includes(acceptCommand) &&
      onlyOutside(checks)
    )
      return { held: hold };
    if (waited > graceMs && onlyOutside(checks)) {
      say(`Continuing without it: ${failing}. GET /readyz shows when it is back`);
      return { held: undefined };
    }
    if (waited > graceMs && !announced) {
      say(`Still waiting: ${failing}`);
      announced = true;
    }
    if (waited > deadlineMs) {
      throw new StartupError(
        `The plane is not ready after ${deadlineMs / 1000} s: ${failing}.`,
        `Check the logs in ${logs}.`,
      );
    }
    await delay(pollMs);
  }
}

type Check = [name: string, state: unknown];

function failingChecks(body: unknown): Check[] {
  if (typeof body !== 'object' || body === null || !('checks' in body)) return [];
  const checks: Check[] = Object.entries(Object(body.checks));
  return checks.filter(([, state]) => state !== 'ok' && state !== 'off');
}

const words = (checks: readonly Check[]): string =>
  checks.length === 0
    ? 'the gateway responds with 503'
    : checks.map(([name, state]) => `${name}: ${String(state)}`).join(', ');

const onlyOutside = (checks: readonly Check[] | undefined): boolean =>
  checks !== undefined && checks.length > 0 && checks.every(([name]) => outside.has(name) || name === held);
