// Runs the supervisor under Node.js 24 and lives exactly as long as it does.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { callerPath } from './caller-path.mjs';
import { compileCache, node24, repositoryRoot as root } from './paths.mjs';

const watchMs = 500;
// The last one asks the supervisor to read its settings again.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];

/** Starts the supervisor (or another of its programs), hands signals on to it and ends with its exit code. */
export function runSupervisor(words = [join('apps', 'supervisor', 'src', 'main.ts')]) {
  const found = callerPath(process.env, root);
  const path = found === undefined ? {} : { PATH: found };
  // It sees by the end of the channel that we are gone, even after kill -9.
  const child = spawn(node24, words, {
    cwd: root,
    // Keeps what was compiled from start to start, for the apps as well: they start faster and never load the TypeScript
    // stripper, which is some 20 MB of each. With the caller's PATH, suites and services find the operator's own tools.
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...path },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`${node24} cannot be started (${error.message}).\nRemove node_modules and start again.`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(signal === null ? code : 1));
  watchNpm(() => child.kill('SIGTERM'));
}

// npm hands signals on, but nothing tells us when it was killed with -9: then we belong to another parent.
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(timer);
    onGone();
  }, watchMs);
  timer.unref();
}

/** Our parent and, where there is a shell between npm and us, its parent. */
function ancestors() {
  const shell = ['sh', 'bash', 'dash', 'zsh', 'busybox'].includes(nameOf(process.ppid));
  return shell ? `${process.ppid} ${parentOf(process.ppid)}` : String(process.ppid);
}

// Where there is no /proc (macOS), the parent alone has to do.
function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

const nameOf = (pid) => /\((.*)\)/.exec(statOf(pid))?.[1] ?? '';
const parentOf = (pid) =>
  statOf(pid)
    .replace(/^.*\) . /, '')
    .split(' ')[0];
