import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { Duplex, Readable } from 'node:stream';
import { inheritedStdio } from './inherited-stdio.ts';

export interface GroupSpec {
  argv: readonly string[];
  /** Absolute. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** A directory of ours for the pipe that carries the output; without it, `/dev/stdout` does not work in the group. */
  scratchDir?: string;
}

/** How the group's main process ended. `problem` when it could not be started at all. */
interface GroupEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  problem: string | null;
}

export interface ProcessGroup {
  /** Stands in the environment of every process of the group, also of those that leave it. */
  marker: string;
  /** Standard output and standard error, in the order in which they were written. */
  output: Readable;
  /** Never rejects. */
  ended: Promise<GroupEnd>;
  /** To every process of the group; nothing happens when the main process has ended. */
  signal(signal: NodeJS.Signals): void;
  /** Kills whatever is left of the group. */
  release(): void;
}

export const markerName = 'ACTP_COMMAND_ID';

// The leash: a process of the same group, nobody's child (so that no program waits for it by mistake), reads from us
// and kills the group when we are gone, however we went. The named pipe replaces Node's socket as standard output: a
// socket cannot be opened again as /dev/stdout or /dev/stderr, which scripts do. exec keeps the exit code and the
// signal of the program itself.
const leash = `
exec 2>&1
pipe=$1; shift
( ( trap '' TERM INT HUP; while read -r _; do :; done; kill -KILL 0 ) <&3 >/dev/null 2>&1 & )
if [ -n "$pipe" ] && command -v cat >/dev/null && mkfifo -m 0666 "$pipe" 2>/dev/null; then
  ( ( trap '' TERM INT HUP; exec 3<&-; exec cat <"$pipe" ) & )
  exec >"$pipe" 2>&1
  rm -f "$pipe"
fi
exec 3<&- "$@"
`;

/** Starts a program, without a shell reading its arguments, as the leader of a process group that ends when we do. */
export function startGroup(spec: GroupSpec): ProcessGroup {
  const marker = randomUUID();
  const pipe = spec.scratchDir === undefined ? '' : join(spec.scratchDir, `output-${marker}`);
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', ['-c', leash, 'sh', pipe, ...spec.argv], {
      cwd: spec.cwd,
      env: { ...spec.env, [markerName]: marker },
      detached: true,
      stdio: inheritedStdio(['ignore', 'pipe', 'ignore', 'pipe']),
    });
  } catch (error) {
    return unstarted(marker, error);
  }

  let alive = child.pid !== undefined;
  const line = child.stdio[3];
  if (line instanceof Duplex) line.on('error', () => undefined);
  child.stdout?.on('error', () => undefined);

  const ended = new Promise<GroupEnd>((resolve) => {
    child.once('error', (error) => {
      alive = false;
      resolve({ exitCode: null, signal: null, problem: reasonOf(error) });
    });
    child.once('exit', (exitCode, signal) => {
      alive = false;
      resolve({ exitCode, signal, problem: null });
    });
  });

  return {
    marker,
    output: child.stdout ?? Readable.from([]),
    ended,
    signal(signal) {
      if (!alive || child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // Gone in this moment.
      }
    },
    release() {
      if (line instanceof Duplex) line.destroy();
    },
  };
}

function unstarted(marker: string, error: unknown): ProcessGroup {
  return {
    marker,
    output: Readable.from([]),
    ended: Promise.resolve({ exitCode: null, signal: null, problem: reasonOf(error) }),
    signal: () => undefined,
    release: () => undefined,
  };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return code === 'E2BIG' ? 'its arguments are too long' : `it could not be started (${code})`;
}
