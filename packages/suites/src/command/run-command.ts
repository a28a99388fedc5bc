import { performance } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';
import { constants } from 'node:os';
import type { Apart } from '../sandbox/apart.ts';
import { createCappedOutput } from './capped-output.ts';
import { findProgramProblem } from './find-program.ts';
import { startGroup, type ProcessGroup } from './process-group.ts';
import { sweepEscaped } from './sweep-escaped.ts';
import { withTimeout } from './with-timeout.ts';

export interface CommandSpec {
  /** The program and its arguments; no shell reads them. */
  argv: readonly string[];
  /** Absolute. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** A directory of ours, outside `cwd`, for the pipe that carries the output. */
  scratchDir?: string;
  /** From SIGTERM to SIGKILL when time is over; 5 s when left out. */
  graceMs?: number;
  /** Ends the command like the time-out does. */
  signal?: AbortSignal;
  /** What keeps the command apart. */
  sandbox?: Pick<Apart, 'wrap' | 'shellCodes' | 'entered'> & { problem?: string | null };
}

export interface CommandResult {
  end: 'exited' | 'signalled' | 'timed_out' | 'stopped' | 'not_started';
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Why it was not started; null when it was. */
  problem: string | null;
  /** Beginning and end of what it wrote on both standard streams. */
  output: string;
  durationMs: number;
}

const defaultGraceMs = 5_000;
// A stopping app has 8 s for everything, its worker 5 of them.
const stopGraceMs = 1_500;
// How long what is left of a group may still write after its main process has ended.
const drainMs = 1_000;
// A process in an uninterruptible system call cannot even be killed; nobody waits for it longer than this.
const killedWithinMs = 5_000;

/**
 * Runs a command in a process group of its own until it ends, its time is over or it is stopped; afterwards nothing of
 * the group is left. When we are killed ourselves, the group dies too. Never throws: what goes wrong is in the result.
 */
export async function runCommand(spec: CommandSpec): Promise<CommandResult> {
  const started = performance.now();
  const output = createCappedOutput();
  const result = (facts: Partial<CommandResult> & Pick<CommandResult, 'end'>): CommandResult => ({
    exitCode: null,
    signal: null,
    problem: null,
    output: output.text(),
    durationMs: Math.round(performance.now() - started),
    ...facts,
  });

  const problem = await findProgramProblem(spec.argv[0] ?? '', spec.cwd, spec.env['PATH']);
  if (problem !== null) return result({ end: 'not_started', problem });
  const { problem: unmade = null } = spec.sandbox ?? {};
  if (unmade !== null) return result({ end: 'not_started', problem: unmade });
  if (spec.signal?.aborted === true) return result({ end: 'stopped' });

  const group = startGroup({
    argv: spec.sandbox?.wrap(spec.argv) ?? spec.argv,
    cwd: spec.cwd,
    env: spec.env,
    ...(spec.scratchDir === undefined ? {} : { scratchDir: spec.scratchDir }),
  });
  group.output.on('data', (chunk: Buffer) => output.push(chunk));
  const drained = finished(group.output).catch(() => undefined);

  const cut = await endOrCut(group, spec);
  const end = await withTimeout(group.ended, killedWithinMs);
  await withTimeout(drained, drainMs);
  group.release();
  await sweepEscaped(group.marker);
  await withTimeout(drained, drainMs);
  group.output.destroy();

  const { exitCode = null, problem: notStarted = null } = end ?? {};
  if (notStarted !== null) return result({ end: 'not_started', problem: notStarted });
  if (cut === null && exitCode !== 0 && (await spec.sandbox?.entered()) === false) {
    return result({
      end: 'not_started',
      problem: `its sandbox could not be made: ${lastLineOf(output.text())}`,
    });
  }
  const signal = end?.signal ?? (spec.sandbox?.shellCodes === true ? signalOf(exitCode) : null);
  if (signal !== null) return result({ end: cut ?? 'signalled', signal });
  return result({ end: cut ?? 'exited', exitCode });
}

const lastLineOf = (text: string) => text.trim().split('\n').at(-1) ?? '';

/** A shell that has waited for a command says by which signal it was killed in this way. */
function signalOf(exitCode: number | null): NodeJS.Signals | null {
  const number = (exitCode ?? 0) - 128;
  const names = Object.entries(constants.signals).filter(([, value]) => value === number);
  return names.length === 0 ? null : (names[0]?.[0] as NodeJS.Signals);
}

/** Waits for the main process; when time is over or a stop is wished, ends the group, kindly first. */
async function endOrCut(group: ProcessGroup, spec: CommandSpec): Promise<'timed_out' | 'stopped' | null> {
  let onStop: (() => void) | undefined;
  const stopped = new Promise<'stopped'>((resolve) => {
    onStop = () => resolve('stopped');
    spec.signal?.addEventListener('abort', onStop);
  });
  try {
    const first = await withTimeout(Promise.race([group.ended, stopped]), spec.timeoutMs);
    if (first !== null && first !== 'stopped') return null;
    group.signal('SIGTERM');
    const graceMs = first === 'stopped' ? stopGraceMs : (spec.graceMs ?? defaultGraceMs);
    await withTimeout(group.ended, graceMs);
    group.signal('SIGKILL');
    return first ?? 'timed_out';
  } finally {
    if (onStop) spec.signal?.removeEventListener('abort', onStop);
  }
}
