import { noteOutcome, noteSupervisor, type ReloadOutcome } from '@actp/embedded/reload-notes';
import type { StackEnv } from '@actp/embedded/stack-env';
import { StartupError } from '@actp/embedded/startup-error';
import { useFingerprintKey } from '@actp/redaction/fingerprint';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { redact } from '@actp/redaction/redact';
import type { Environment } from '@actp/shared/env-file/merge';
import { AppError } from '@actp/shared/errors';
import { readPlaneSettings } from '@actp/shared/plane-settings';
import { secretValues } from '@actp/shared/secret-values';
import { checkSettings } from '../check-settings.ts';
import { ensureEnvFile } from '../env-file.ts';
import { checkStores } from '../external-stores/check-stores.ts';
import { AppNotReplaced } from '../replace-app.ts';
import type { RunningApps } from '../run-apps.ts';
import { createDatabaseKeys } from './database-keys.ts';
import { withFixedSettings } from './fixed-settings.ts';
import { overruledSettings } from './overruled-settings.ts';

export interface ReloadDeps {
  root: string;
  envFile: string;
  /** The environment of the supervisor, which takes precedence over the file. */
  outside: Record<string, string | undefined>;
  /** What the apps were started with. */
  environment: Environment;
  /** Addresses and keys of the stores that run here. */
  stack: StackEnv;
  apps: RunningApps;
  /** The folder for notes about what runs. */
  run: string;
  say: (text: string) => void;
  signal: AbortSignal;
}

/**
 * Makes what reads the settings again, checks them as a start does, and starts those apps anew whose settings have changed. What cannot be used
 * changes nothing. It says what came of it, notes it for `npm run reload`, and never throws.
 */
export function createReload(deps: ReloadDeps): () => Promise<void> {
  const { say } = deps;
  let running = deps.environment;
  let count = 0;
  noteSupervisor(deps.run);

  async function changed(): Promise<ReloadOutcome> {
    const wanted = await readWanted(deps);
    const { environment, needRestart } = withFixedSettings(running, {
      ...wanted.environment,
      ACTP_START_ID: running['ACTP_START_ID'] ?? '',
      ACTP_ENV_FILE: deps.envFile,
    });
    useFingerprintKey(environment['REDACTION_KEY']);
    useOwnSecrets([...secretValues(running), ...secretValues(environment)]);
    const keys = createDatabaseKeys(running, environment, deps.stack);
    await keys.register(deps.signal);
    const renewed: string[] = [];
    const told = (app: string) => {
      renewed.push(app);
      say(`${app} runs with the new settings`);
    };
    const remarks = [
      ...wanted.remarks,
      ...(needRestart.length === 0 ? [] : [`In force only after a restart: ${needRestart.join(', ')}`]),
    ];
    try {
      await deps.apps.reload(environment, told);
    } catch (error) {
      if (!(error instanceof AppNotReplaced)) throw error;
      return { ok: false, lines: [...remarks, ...refusal(error, renewed)] };
    }
    deps.signal.throwIfAborted();
    remarks.push(...(await keys.retire()));
    running = environment;
    useOwnSecrets(secretValues(running));
    const done =
      renewed.length === 0
        ? 'Settings read again: nothing that is in force has changed'
        : `Settings read again, and started anew: ${renewed.join(', ')}`;
    return { ok: needRestart.length === 0, lines: [...remarks, done] };
  }

  return async () => {
    say('Reading the settings again ...');
    const outcome = await changed().catch((error: unknown) => ({
      ok: false,
      lines: ['Nothing was changed, and the plane runs on:', explain(error)],
    }));
    if (deps.signal.aborted) return;
    count += 1;
    for (const line of outcome.lines) say(line);
    noteOutcome(deps.run, { ...outcome, count });
  };
}

async function readWanted(deps: ReloadDeps): Promise<{ environment: Environment; remarks: string[] }> {
  const { root, envFile, outside, say, signal } = deps;
  const checked = await checkSettings(root, envFile, outside);
  const warnings = await checkStores(checked, { say, signal });
  const { environment, notices } = await ensureEnvFile(envFile, outside);
  // With what was generated, and the stores as they are.
  readPlaneSettings(environment);
  return { environment, remarks: [...warnings, ...notices, ...(await overruledSettings(envFile, outside))] };
}

function refusal(error: AppNotReplaced, renewed: readonly string[]): string[] {
  const others = renewed.length === 0 ? '' : ` With the new ones already: ${renewed.join(', ')}.`;
  return [
    `${error.app} does not start with the new settings, and goes on with those of before.${others}`,
    error.message,
    'Correct the settings and reload again.',
  ];
}

// Errors of ours come with their remedy and hold no value from outside.
function explain(error: unknown): string {
  if (error instanceof StartupError || error instanceof AppError) return error.message;
  return redact(error instanceof Error ? error.message : String(error));
}
