import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { readPidFile, removePidFile, writePidFile } from './pid-file.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What came of reading the settings again. */
export interface ReloadOutcome {
  /** Whether everything that could change without a restart has changed. */
  ok: boolean;
  lines: readonly string[];
}

export interface NotedOutcome extends ReloadOutcome {
  /** The how manieth of this supervisor. */
  count: number;
}

/** The signal that asks for it, wherever the supervisor runs. */
export const reloadSignal = 'SIGUSR2';

/** Says that this process takes the signal from now on. @param run the folder for such notes, inside the data folder */
export function noteSupervisor(run: string): void {
  noteOutcome(run, { ok: true, lines: [], count: 0 });
  writePidFile(supervisorFile(run), process.pid);
}

/** The supervisor that takes the signal; undefined when none runs. */
export const readSupervisor = (run: string): ProcessIdentity | undefined => readPidFile(supervisorFile(run));

/** Says that it takes it no longer. */
export const forgetSupervisor = (run: string): void => removePidFile(supervisorFile(run));

export function noteOutcome(run: string, outcome: NotedOutcome): void {
  const file = outcomeFile(run);
  writeFileSync(`${file}.new`, JSON.stringify(outcome), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The last one; undefined when there was none. */
export function readOutcome(run: string): NotedOutcome | undefined {
  try {
    const noted: unknown = JSON.parse(readFileSync(outcomeFile(run), 'utf8'));
    return isOutcome(noted) ? noted : undefined;
  } catch {
    return undefined;
  }
}

const supervisorFile = (run: string) => join(run, 'supervisor.pid');
const outcomeFile = (run: string) => join(run, 'reload.json');

function isOutcome(value: unknown): value is NotedOutcome {
  return (
    typeof value === 'object' &&
    value !== null &&
    'count' in value &&
    typeof value.count === 'number' &&
    'ok' in value &&
    typeof value.ok === 'boolean' &&
    'lines' in value &&
    Array.isArray(value.lines)
  );
}
