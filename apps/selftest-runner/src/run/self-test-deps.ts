import { checkService, type BuiltinChecks } from '@actp/suites/service/check-service';
import type { Environment } from '@actp/suites/command/command-environment';
import { describeProblem } from '@actp/suites/config/config-problem';
import { readSelftestConfig } from '@actp/suites/config/read-selftest-config';
import { makeRunDir } from './run-dir.ts';
import type { Sandboxes } from '@actp/suites/sandbox/sandboxes';
import { runTests } from '@actp/suites/suite/run-suite';
import { startService } from '@actp/suites/service/start-service';
import type { LoadedConfig, SelfTestDeps } from './steps.ts';

export interface Parts {
  /** The repository root, absolute. */
  rootDir: string;
  /** The runner's own environment; suites get a small part of it. */
  env: Environment;
  /** What keeps suites and services apart from the plane. */
  sandboxes: Sandboxes;
  /** Absolute. */
  configPath: string;
  /** How the configuration is called in messages. */
  configName: string;
  /** Absolute; holds the directories of runs and nothing else. */
  runDirs: string;
  builtins: BuiltinChecks;
  now: () => number;
}

/** The steps' dependencies as they are in a running plane; the report is added by whoever runs it. */
export function createSelfTestDeps(parts: Parts): Omit<SelfTestDeps, 'report'> {
  return {
    async readConfig(): Promise<LoadedConfig> {
      const outcome = await readSelftestConfig(parts.configPath);
      if (outcome.ok) return outcome;
      const problems = outcome.problems.map((problem) => describeProblem(parts.configName, problem));
      return { ok: false, problems };
    },
    checkService: (service, signal, attempts) => checkService(parts, service, signal, attempts),
    startService: (service, start, run) => startService(parts, service, start, run),
    runTests: (suite, run, options) => runTests(parts, suite, run, options),
    makeRunDir: (runId) => makeRunDir(parts.runDirs, runId),
    now: parts.now,
  };
}
