import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Whether this process has a controlling terminal, which sends it SIGHUP when it goes away. */
export function hasTerminal(): boolean {
  try {
    return process.platform === 'linux' ? ofProc() : ofPs();
  } catch {
    // Then as a terminal has it: who hangs up must find nothing running.
    return true;
  }
}

// Field 7 of proc(5)'s stat, counted behind the command name.
function ofProc(): boolean {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[4] !== '0';
}

function ofPs(): boolean {
  const tty = execFileSync('ps', ['-o', 'tty=', '-p', String(process.pid)], { encoding: 'utf8' }).trim();
  return !/^\?*-?$/.test(tty);
}
