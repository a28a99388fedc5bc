import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createCappedOutput } from '../command/capped-output.ts';
import { finished } from 'node:stream/promises';
import { checkService, type CheckServiceDeps, type ServiceResult } from './check-service.ts';
import { commandEnvironment, type Environment } from '../command/command-environment.ts';
import { findProgramProblem } from '../command/find-program.ts';
import { lastOf, plainText } from '../plain-text.ts';
import { startGroup, type ProcessGroup } from '../command/process-group.ts';
import type { ServiceConfig, StartCommand } from '../config/selftest-config.ts';
import type { Sandboxes } from '../sandbox/sandboxes.ts';
import { sweepEscaped } from '../command/sweep-escaped.ts';
import { withTimeout } from '../command/with-timeout.ts';

export interface StartedService {
  /** Whether it came up, and what is known about why it did not. */
  result: ServiceResult;
  /** Ends it with everything it started. */
  stop(): Promise<void>;
}

export interface StartServiceDeps extends CheckServiceDeps {
  rootDir: string;
  env: Environment;
  /** What keeps services apart from the plane; without it they are not. */
  sandboxes?: Sandboxes;
}

const outputCaps = { headBytes: 8 * 1024, tailBytes: 24 * 1024 };
const shownOutput = 1_024;
const stopGraceMs = 1_500;
const drainMs = 500;

/**
 * Starts a service that was found down and waits until it is up. It runs for this self-test only: the caller stops
 * it at the end of the run, and it dies with the runner. A start command that ends with 0 has left its service in the
 * background. Never throws.
 */
export async function startService(
  deps: StartServiceDeps,
  service: ServiceConfig,
  start: StartCommand,
  run: { runDir: string; signal: AbortSignal },
): Promise<StartedService> {
  const began = performance.now();
  const down = (detail: string): ServiceResult => ({
    name: service.name,
    up: false,
    detail,
    duration_ms: Math.round(performance.now() - began),
  });

  const cwd = resolve(deps.rootDir, start.cwd);
  const env = commandEnvironment(deps.env, start);
  const argv = start.command.map((part) => part.replaceAll('{run_dir}', run.runDir));
  const problem = await findProgramProblem(argv[0] ?? '', cwd, env['PATH']);
  if (problem !== null)
    return { result: down(`could not be started: ${problem}`), stop: async () => undefined };

  const wanted = start.sandbox ?? 'on';
  const sandbox = await deps.sandboxes?.enter({ wanted, cwd, runDir: run.runDir, env, lasting: true });
  const used = sandbox === undefined ? {} : { sandbox: sandbox.used };
  if (typeof sandbox?.problem === 'string') {
    return { result: { ...down(`could not be started: ${sandbox.problem}`), ...used }, stop: sandbox.leave };
  }

  const output = createCappedOutput(outputCaps);
  const group = startGroup({
    argv: sandbox?.wrap(argv) ?? argv,
    cwd,
    env: { ...(sandbox?.env ?? env) },
    scratchDir: run.runDir,
  });
  group.output.on('data', (chunk: Buffer) => output.push(chunk));
  const stop = async () => {
    await stopGroup(group);
    await sandbox?.leave();
  };

  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, over.signal]);
  const drained = finished(group.output).catch(() => undefined);
  const failed = group.ended.then(async ({ exitCode, signal: by, problem: reason }) => {
    if (exitCode === 0) return new Promise<never>(() => undefined);
    await withTimeout(drained, drainMs);
    const how = reason ?? (by === null ? `ended with exit code ${exitCode}` : `was killed by ${by}`);
    const said = lastOf(plainText(output.text()).trim(), shownOutput);
    return down(`was started and ${how}${said === '' ? '' : `: ${said}`}`);
  });
  try {
    const withStartTimeout = { ...service, timeout_seconds: start.timeout_seconds };
    const result = await Promise.race([checkService(deps, withStartTimeout, signal), failed]);
    return { result: { ...result, ...used }, stop };
  } finally {
    over.abort();
  }
}

async function stopGroup(group: ProcessGroup): Promise<void> {
  group.signal('SIGTERM');
  await withTimeout(group.ended, stopGraceMs);
  group.signal('SIGKILL');
  group.release();
  await sweepEscaped(group.marker);
  group.output.destroy();
}
