import type { SandboxUsed } from '../sandbox/isolation.ts';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@actp/shared/errors';
import { probeHttp, type Probe } from './http-probe.ts';
import type { BuiltinName, ServiceConfig } from '../config/selftest-config.ts';

export interface ServiceResult {
  name: string;
  up: boolean;
  /** Why it counts as up or down, without any address. */
  detail: string;
  duration_ms: number;
  /** What keeps a service apart that the self-test has started. */
  sandbox?: SandboxUsed;
}

/** Checks of the plane's own parts; each gives a detail when all is well, and throws what is wrong. */
export type BuiltinChecks = Readonly<
  Record<BuiltinName, (timeoutMs: number, signal: AbortSignal) => Promise<string>>
>;

export interface CheckServiceDeps {
  builtins: BuiltinChecks;
}

const pauseMs = 250;

/**
 * Asks a service until it is up or its `timeout_seconds` are over: one that is just starting, or drops a single
 * connection, is no reason to wake anybody. Never throws.
 *
 * @param attempts 1 to take the first answer as it is
 */
export async function checkService(
  deps: CheckServiceDeps,
  service: ServiceConfig,
  signal: AbortSignal,
  attempts = Infinity,
): Promise<ServiceResult> {
  const started = performance.now();
  const timeoutMs = service.timeout_seconds * 1_000;
  const deadline = started + timeoutMs;
  let last: Probe = { up: false, detail: '' };
  for (let attempt = 1; ; attempt += 1) {
    const left = Math.max(1, deadline - performance.now());
    const probe = await probeOnce(deps, service, left, signal);
    // The answer before says more than the attempt that time ran out on.
    if (probe !== null) last = probe;
    const leftMs = deadline - performance.now();
    if (last.up || signal.aborted || attempt >= attempts || leftMs <= 0) break;
    await delay(Math.min(pauseMs, leftMs));
  }
  const detail = last.detail === '' ? `no answer within ${service.timeout_seconds} s` : last.detail;
  return { name: service.name, up: last.up, detail, duration_ms: Math.round(performance.now() - started) };
}

/** Gives null when there was no answer in time. */
async function probeOnce(
  deps: CheckServiceDeps,
  service: ServiceConfig,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Probe | null> {
  const over = AbortSignal.timeout(Math.ceil(timeoutMs));
  const either = AbortSignal.any([signal, over]);
  try {
    const probe =
      service.kind === 'http'
        ? probeHttp(service.url, service.expect_status, either)
        : deps.builtins[service.builtin](timeoutMs, either).then((detail) => ({ up: true, detail }));
    const silent = new Promise<null>((resolve) => {
      either.addEventListener('abort', () => resolve(null), { once: true });
    });
    const answer = await Promise.race([probe, silent]);
    return over.aborted && answer?.up !== true ? null : answer;
  } catch (error) {
    return over.aborted ? null : { up: false, detail: messageOf(error) };
  }
}
