import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { useFingerprintKey } from '@actp/redaction/fingerprint';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { parseConfig, type ConfigOf, type Shape } from './config.ts';
import { ConfigError, messageOf } from './errors.ts';
import { readSecretFiles } from './env-file/secret-files.ts';
import { sendHeartbeats, writeHeartbeats } from './heartbeat.ts';
import type { Logger } from './log.ts';
import { secretValues } from './secret-values.ts';
import { settings } from './settings.ts';
import { stopDeadlines } from './stop-deadlines.ts';
import { drainedMessage, drainMessage, startedMessage } from './supervisor-messages.ts';
import { startTracing, tracingShape } from './telemetry/start-tracing.ts';
import { unsupportedTracing } from './telemetry/unsupported.ts';

export interface RunningApp {
  /** Takes nothing new, and waits a bounded time for what is under way: another process has taken its place. */
  drain?(): Promise<void>;
  /** Stops intake, finishes what is under way, closes connections. */
  stop(): Promise<void>;
}

// npm and the terminal may both deliver the same Ctrl-C: only a later one is a second request.
const sameSignalMs = 1_000;

/** What the process of every app reads, whatever the app is. */
export const processShape = {
  LOG_LEVEL: settings.LOG_LEVEL,
  STOP_SECONDS: settings.STOP_SECONDS,
  ACTP_HEARTBEAT_FILE: settings.ACTP_HEARTBEAT_FILE,
  ...tracingShape,
};

/** What it needs of that to run. */
type ProcessConfig = Pick<ConfigOf<typeof processShape>, 'STOP_SECONDS'> &
  Partial<ConfigOf<typeof tracingShape>> & { ACTP_HEARTBEAT_FILE?: string | undefined };

/**
 * Runs an app until a signal, or until the supervisor that started it is gone (its IPC channel closes), then stops it.
 * An unhandled error is logged as fatal and ends the process: whoever supervises starts a clean one. The same when the process
 * hangs, which the supervisor sees by the missing heartbeats.
 *
 * @param env STOP_SECONDS is what the whole plane has; the app exits 1 two seconds earlier when its stop has not finished;
 *   ACTP_HEARTBEAT_FILE, in a container, is what its health check looks at
 */
export async function runApp(
  log: Logger,
  start: () => Promise<RunningApp>,
  env: ProcessConfig,
): Promise<void> {
  let stopTracing: (() => Promise<void>) | undefined;
  let running: RunningApp | undefined;
  let stoppingSince: number | undefined;

  const stop = async (reason: string) => {
    if (stoppingSince !== undefined) return;
    stoppingSince = performance.now();
    log.info({ reason }, 'stopping');
    const stopped = Promise.resolve(running?.stop()).then(
      () => 0,
      (error: unknown) => {
        log.error({ err: error }, 'stop failed');
        return 1;
      },
    );
    const done = stopped.then(async (outcome) => {
      await stopTracing?.();
      return outcome;
    });
    const late = delay(stopDeadlines(env.STOP_SECONDS).appMs, 1, { ref: false });
    const code = await Promise.race([done, late]);
    log.info({ code }, 'stopped');
    process.exit(code);
  };

  const onSignal = (name: string) => {
    if (stoppingSince !== undefined && performance.now() - stoppingSince > sameSignalMs) process.exit(1);
    void stop(name);
  };

  const die = (error: unknown) => {
    log.fatal({ err: error }, 'unhandled error');
    process.exit(1);
  };

  sendHeartbeats();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('disconnect', () => void stop('supervisor is gone'));
  process.on('message', (message) => {
    if (message === drainMessage) void drain(running).finally(() => tellSupervisor(drainedMessage));
  });
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  // Gone while this process was still loading: that event was missed. (Without a supervisor it is undefined.)
  if (process.connected === false) void stop('supervisor is gone');

  try {
    stopTracing = await startTracing(env, serviceOf(log), log);
    running = await start();
  } catch (error) {
    log.fatal({ err: error }, 'start failed');
    process.exit(1);
  }
  if (env.ACTP_HEARTBEAT_FILE !== undefined) writeHeartbeats(env.ACTP_HEARTBEAT_FILE);
  log.info('started');
  tellSupervisor(startedMessage);
}

async function drain(running: RunningApp | undefined): Promise<void> {
  await running?.drain?.();
}

function tellSupervisor(message: string): void {
  // That nobody listens any more is found out elsewhere.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

// As the app calls itself in its log.
function serviceOf(log: Logger): string {
  const { app }: { app?: unknown } = log.bindings();
  return typeof app === 'string' ? app : 'actp-worker';
}

/**
 * Reads the configuration, with secrets that are given as files (`NAME_FILE`), or says on standard error what is wrong with it
 * (never a value) and exits 1. Redaction has its key from here on, before anything is logged.
 */
export function configOrExit<S extends Shape>(
  shape: S,
  env: Record<string, string | undefined>,
): ConfigOf<S> {
  try {
    const { environment, problems } = readSecretFiles(env);
    const ours = problems.filter(({ key }) => key.replace(/_FILE$| in ACTP_SECRETS_DIR$/, '') in shape);
    if (ours.length > 0) throw new ConfigError(ours);
    const untraceable = 'OTEL_EXPORTER_OTLP_ENDPOINT' in shape ? unsupportedTracing(environment) : [];
    if (untraceable.length > 0) throw new ConfigError(untraceable);
    const { REDACTION_KEY } = parseConfig({ ...shape, REDACTION_KEY: settings.REDACTION_KEY }, environment);
    useFingerprintKey(REDACTION_KEY);
    const config = parseConfig(shape, environment);
    useOwnSecrets(secretValues(config));
    return config;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
}
