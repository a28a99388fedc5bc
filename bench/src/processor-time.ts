import { readFileSync } from 'node:fs';

// Linux counts them a hundred to a second for every program, whatever the kernel itself does (proc_pid_stat(5), sysconf(3)).
const ticksPerSecond = 100;

/** Seconds of processor time that a process has used so far, its own and the kernel's for it. Linux only. */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program comes before, in parentheses, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return (user + system) / ticksPerSecond;
}
