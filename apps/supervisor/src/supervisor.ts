import { randomUUID } from 'node:crypto';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { registerApps } from '@actp/db/access/register-apps';
import { setAuditRetention } from '@actp/db/audit/set-retention';
import { migrate } from '@actp/db/migrate';
import { prepareDataDir } from '@actp/embedded/data-dir';
import { announceStop, waitForDataDir } from '@actp/embedded/data-dir-lock';
import { forgetSupervisor } from '@actp/embedded/reload-notes';
import { startStack, type Stack } from '@actp/embedded/stack';
import { describeIsolation, type Isolation } from '@actp/suites/sandbox/isolation';
import { createSandboxes } from '@actp/suites/sandbox/sandboxes';
import { useFingerprintKey } from '@actp/redaction/fingerprint';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { secretValues } from '@actp/shared/secret-values';
import { settings as schemas } from '@actp/shared/settings';
import { stopDeadlines } from '@actp/shared/stop-deadlines';
import type { AppSpec } from './apps.ts';
import { banner } from './banner.ts';
import type { ConsoleOutput } from './console-output.ts';
import { assertAppsRegistered } from './external-stores/assert-apps-registered.ts';
import { checkStores } from './external-stores/check-stores.ts';
import { checkSettings } from './check-settings.ts';
import { ensureEnvFile } from './env-file.ts';
import { assertAddressAvailable } from './gateway-address.ts';
import { holdSocket, type HeldSocket } from './held-socket.ts';
import { createReload } from './reload/reload.ts';
import { waitForGateway } from './wait-for-gateway.ts';
import { createLogFiles, type LogFiles } from './log-files.ts';
import { readPlaneSettings, type PlaneSettings } from '@actp/shared/plane-settings';
import { createProgress } from './progress.ts';
import { runApps, stopLeftoverApps, type RunningApps } from './run-apps.ts';
import { selfTestResult, type SelfTestOptions } from './self-test-result.ts';

export interface SupervisorDeps {
  /** The repository root: where `.env` lies and apps run. */
  root: string;
  apps: readonly AppSpec[];
  /** The Node that runs apps. */
  node: string;
  environment: Record<string, string | undefined>;
  output: ConsoleOutput;
}

export interface Supervisor {
  /** Returns when the plane is ready. @throws StartupError, ConfigError or AppError that says what to do; whatever was started is stopped again */
  start(): Promise<void>;
  /** Reads the settings again, and starts those apps anew whose settings have changed; says what came of it. Never throws. */
  reload(): Promise<void>;
  /** Stops apps, then stores. `hard` kills them at once. */
  stop(hard?: boolean): Promise<void>;
  /** STOP_SECONDS; its default until the settings have been read. */
  stopSeconds(): number;
}

/** Starts the stores that are not elsewhere, migrates, runs every app, and keeps all of it running. */
export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const { root, environment: outside, output } = deps;
  const envFile = resolve(root, outside['ACTP_ENV_FILE'] ?? '.env');
  const halt = new AbortController();
  const step = createProgress(output);
  let starting: Promise<void> | undefined;
  let stack: Stack | undefined;
  let apps: RunningApps | undefined;
  let logs: LogFiles | undefined;
  let leaving: (() => void) | undefined;
  let socket: HeldSocket | undefined;
  let reload: (() => Promise<void>) | undefined;
  let reloads: Promise<void> = Promise.resolve();
  let stopSeconds = schemas.STOP_SECONDS.parse(undefined);

  async function start(): Promise<void> {
    const begun = performance.now();
    // Everything is checked before anything is made.
    const checked = await checkSettings(root, envFile, outside);
    stopSeconds = checked.STOP_SECONDS;
    const deadlines = stopDeadlines(stopSeconds);
    const warnings = await checkStores(checked, { say: output.say, signal: halt.signal });
    halt.signal.throwIfAborted();
    for (const warning of warnings) output.say(warning);
    const { path: dataDir, run } = await prepareDataDir(resolve(root, checked.ACTP_DATA_DIR));
    // Taken for good by the stores below; here it says that no living copy is meant by what comes next.
    await waitForDataDir(dataDir, {
      say: output.say,
      signal: halt.signal,
      stoppingMs: 2 * stopSeconds * 1_000,
    });
    leaving = () => {
      announceStop(dataDir);
      forgetSupervisor(run);
    };
    await stopLeftoverApps(deps.apps, run);
    await assertAddressAvailable(checked);
    const { environment, notices } = await ensureEnvFile(envFile, outside);
    for (const notice of notices) output.say(notice);
    const settings = readPlaneSettings(environment);
    useFingerprintKey(settings.REDACTION_KEY);
    useOwnSecrets(secretValues(environment));

    const logFiles = createLogFiles(dataDir, output, {
      shownDataDir: relativeToRoot(root, dataDir),
      showRequests: settings.LOG_LEVEL === 'debug' || settings.LOG_LEVEL === 'trace',
    });
    logs = logFiles;
    // First: while it cannot be done, there is no reason to start anything.
    if (!settings.embedded.includes('supabase')) await migrateExternal(settings);
    halt.signal.throwIfAborted();
    stack = await startStack({
      dataDir,
      parts: settings.embedded,
      secrets: {
        postgresPassword: settings.ACTP_POSTGRES_PASSWORD,
        jwtSecret: settings.ACTP_JWT_SECRET,
        redisPassword: settings.ACTP_REDIS_PASSWORD,
      },
      ...(environment['PATH'] === undefined ? {} : { searchPath: environment['PATH'] }),
      prepareDatabase: (databaseUrl) => prepareDatabase(databaseUrl, settings),
      stopMs: deadlines.storeMs,
      log: logFiles.part,
      step: (name, run) => step(`Starting ${name}`, run),
      notice: output.say,
    });
    halt.signal.throwIfAborted();
    await assertAppsRegistered({ ...settings, ...stack.env }, halt.signal);

    // The same for every copy and every restart of an app: one start of the plane is one start-up self-test.
    const startId = randomUUID();
    const starting = { ...environment, ACTP_ENV_FILE: envFile, ACTP_START_ID: startId };
    socket = await holdSocket(settings.GATEWAY_HOST, settings.GATEWAY_PORT);
    const running = await runApps({
      ...deps,
      environment: starting,
      listenFd: socket?.fd,
      stack: stack.env,
      stopMs: deadlines.killAppMs,
      run,
      logs: logFiles,
    });
    apps = running;
    const gateway = {
      host: settings.GATEWAY_HOST,
      port: settings.GATEWAY_PORT,
      allowedHost: settings.ALLOWED_HOSTS[0] ?? '127.0.0.1',
    };
    const isolation = isolationOf(root, dataDir, settings, outside);
    const { held } = await step('Starting apps', () =>
      waitForGateway({
        gateway,
        crashing: running.crashing,
        logs: logFiles.folder,
        signal: halt.signal,
        say: output.say,
      }),
    );
    output.say(
      banner({
        settings,
        stack: stack.env,
        envFile: outside['ACTP_ENV_FILE'] === undefined ? './.env' : envFile,
        passwordFromEnvironment: Boolean(outside['OPERATOR_PASSWORD']),
        dataDir: relativeToRoot(root, dataDir),
        seconds: (performance.now() - begun) / 1000,
        suites: describeIsolation(await isolation),
        warnings,
        held,
      }),
    );
    reload = createReload({
      root,
      envFile,
      outside,
      environment: starting,
      stack: stack.env,
      apps: running,
      run,
      say: output.say,
      signal: halt.signal,
    });
    void showSelfTest({
      gateway,
      workerSecret: settings.WORKER_SECRET,
      startId,
      log: join(relativeToRoot(root, dataDir), 'logs', 'selftest-runner.log'),
      signal: halt.signal,
    });
  }

  async function showSelfTest(options: SelfTestOptions): Promise<void> {
    const line = await selfTestResult(options);
    if (line !== undefined) output.say(line);
  }

  async function prepareDatabase(databaseUrl: string, settings: PlaneSettings): Promise<void> {
    halt.signal.throwIfAborted();
    const { notice } = await step('Applying migrations', async () => {
      const migrated = await migrate({ databaseUrl });
      await registerApps({ databaseUrl, secret: settings.DATABASE_APP_SECRET });
      await setAuditRetention({ databaseUrl, days: settings.AUDIT_RETENTION_DAYS });
      return migrated;
    });
    if (notice !== undefined) output.say(notice);
  }

  async function migrateExternal(settings: PlaneSettings): Promise<void> {
    if (settings.DATABASE_URL !== undefined) return prepareDatabase(settings.DATABASE_URL, settings);
    output.say(
      'Migrations are not applied, because DATABASE_URL is not set. If the database is not up to date, set it, or run: ' +
        'DATABASE_URL=<URL of the owner> node_modules/.bin/node packages/db/src/main.ts',
    );
  }

  async function reloadAfter(others: Promise<void>): Promise<void> {
    await others;
    await starting?.catch(() => undefined);
    if (!halt.signal.aborted) await reload?.();
  }

  async function stop(hard = false): Promise<void> {
    halt.abort(new Error('stopped'));
    leaving?.();
    leaving = undefined;
    // Who connects from now on is refused at once, and does not wait for a gateway that never comes.
    socket?.close();
    socket = undefined;
    if (hard) {
      // All at once: who asks twice does not wait for one after the other.
      await Promise.all([apps?.stop(true), stack?.stop(true)]);
    } else {
      await starting?.catch(() => undefined);
      await apps?.stop();
      await stack?.stop();
    }
    await logs?.close();
  }

  return {
    async start() {
      starting = start();
      try {
        await starting;
      } catch (error) {
        starting = undefined;
        await stop();
        throw error;
      }
    },
    reload() {
      // One after the other, and none before the plane runs; what keeps a plane from starting is said by the start.
      reloads = reloadAfter(reloads);
      return reloads;
    },
    stop,
    stopSeconds: () => stopSeconds,
  };
}

/** What suites of the plane's own checkout will run in; only to say so, the runner finds out for itself. */
function isolationOf(
  rootDir: string,
  dataDir: string,
  { SELFTEST_CONFIG, POLICY_FILE }: PlaneSettings,
  env: Record<string, string | undefined>,
): Promise<Isolation | null> {
  const configFiles = [resolve(rootDir, SELFTEST_CONFIG), resolve(rootDir, POLICY_FILE)];
  return createSandboxes({ rootDir, dataDir, configFiles, env })
    .isolation()
    .catch(() => null);
}

// Inside the checkout as it is written in the settings: `.actp`.
function relativeToRoot(root: string, path: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside || '.';
}
