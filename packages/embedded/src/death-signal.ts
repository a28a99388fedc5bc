import process from 'node:process';
import { findProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';

const probeMs = 5_000;

/**
 * The words to put before a command so that the kernel sends it this signal when we die, however we die: even
 * `kill -9` then leaves nothing behind. Empty where the system has no such tool (macOS, BusyBox); there the pid files
 * let the next start clean up.
 *
 * Two traps. The kernel forgets the signal when a process changes its user or enters a user namespace, so these words
 * stand behind whatever does that. And it fires when the *thread* that spawned ends, so spawn from the main thread.
 */
export async function deathSignalWords(
  signal: NodeJS.Signals,
  searchPath?: string,
): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  const setpriv = await findProgram(['setpriv'], searchPath);
  if (setpriv === undefined) return [];
  const words = [setpriv, '--pdeathsig', signal.replace(/^SIG/, '')];
  const probe = await runCommand(setpriv, [...words.slice(1), 'true'], { timeoutMs: probeMs });
  return probe.ok ? words : [];
}
