import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { PartialStrykerOptions } from '@stryker-mutator/api/core';
import { areas } from './areas.ts';
import type { Chunk } from './chunks.ts';

// A mutant that is only slow must not count as noticed; one that never ends is stopped by its count of hits.
const slowMs = 30_000;
const slowFactor = 4;
const patienceMs = 15_000;

interface Run {
  /** The copy of the checkout, whose files are damaged. */
  copy: string;
  area: string;
  chunk: Chunk;
  /** Where the results of all runs of the area are kept. */
  report: string;
  /** Ends the run when it aborts; its results are lost. */
  signal: AbortSignal;
}

/** Damages one piece of an area and runs its tests for each damage; false when that was not possible, or cut short. */
export async function runStryker(run: Run): Promise<boolean> {
  const config: PartialStrykerOptions & Record<string, unknown> = {
    mutate: [...run.chunk],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'mutants/src/area.vitest.config.ts', related: true },
    inPlace: true,
    disableTypeChecks: false,
    concurrency: areas[run.area]?.concurrency ?? 1,
    coverageAnalysis: 'perTest',
    incremental: true,
    incrementalFile: run.report,
    reporters: ['progress-append-only'],
    timeoutMS: slowMs,
    timeoutFactor: slowFactor,
    dryRunTimeoutMinutes: 30,
    cleanTempDir: 'always',
    allowConsoleColors: false,
  };
  const file = join(run.copy, 'stryker.json');
  mkdirSync(run.copy, { recursive: true });
  writeFileSync(file, JSON.stringify(config));
  return finish(run);
}

function finish(run: Run): Promise<boolean> {
  const program = join(run.copy, 'mutants/node_modules/@stryker-mutator/core/bin/stryker.js');
  // A group of its own: its workers, and the stores that they start, have to end with it.
  const child = spawn(process.execPath, [program, 'run', 'stryker.json'], {
    cwd: run.copy,
    stdio: 'inherit',
    detached: true,
    env: { ...process.env, MUTANTS_AREA: run.area },
  });
  const send = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  const stop = () => {
    send('SIGTERM');
    setTimeout(() => send('SIGKILL'), patienceMs).unref();
  };
  run.signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      run.signal.removeEventListener('abort', stop);
      resolve(code === 0 && !run.signal.aborted);
    });
  });
}
