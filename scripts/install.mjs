// Installs dependencies when, and only when, something about them changed. Shared by npm start and npm test.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { takeInstallLock } from './install-lock.mjs';
import { installRemedy } from './install-remedy.mjs';
import { node24, pnpmSpec, repositoryRoot as root } from './paths.mjs';

const keptBytes = 8_000;
const shownLines = 20;
const progressMs = 10_000;

/**
 * Makes sure that every dependency is installed; quick when they are. Copies that start at once take turns. When it
 * cannot be done, says why and what to do, and ends the process with code 1.
 */
export async function ensureInstalled() {
  try {
    await installUnlessDone();
  } catch (error) {
    const denied = error.code === 'EACCES' || error.code === 'EROFS';
    const remedy = denied ? `\nMake ${root} writable for this user and start again.` : '';
    console.error(`\n${error.message}${remedy}`);
    process.exit(1);
  }
}

async function installUnlessDone() {
  const modules = join(root, 'node_modules');
  const stampFile = join(modules, '.actp-installed');
  if (isInstalled(stampFile)) return;
  mkdirSync(modules, { recursive: true });
  const release = await takeInstallLock(join(modules, '.actp-install.lock'), (pid) =>
    console.log(`Waiting for another copy (process ${pid}) that installs packages ...`),
  );
  try {
    // The other copy may have done it.
    if (isInstalled(stampFile)) return;
    await install();
    if (!isComplete()) {
      throw new Error(
        `The packages are installed, but ${node24} does not work.\nRemove node_modules and start again.`,
      );
    }
    // Never half of it, and never into a file that another copy of this folder shares.
    writeFileSync(`${stampFile}.new`, stamp());
    renameSync(`${stampFile}.new`, stampFile);
  } finally {
    release();
  }
}

function isInstalled(stampFile) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp() && isComplete();
}

/** What an installation depends on: if this is unchanged, so is its outcome. */
function stamp() {
  const hash = createHash('sha256').update(`${pnpmSpec} ${process.platform} ${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) {
    const path = join(root, file);
    hash.update(`\0${file}\0`).update(existsSync(path) ? readFileSync(path) : '');
  }
  return hash.digest('hex');
}

function manifests() {
  const workspaces = ['apps', 'packages', 'examples'].flatMap((group) =>
    existsSync(join(root, group))
      ? readdirSync(join(root, group)).map((name) => join(group, name, 'package.json'))
      : [],
  );
  return ['package.json', ...workspaces.toSorted((a, b) => (a < b ? -1 : 1))];
}

// Somebody may have removed a part of it by hand, or an installation was killed.
function isComplete() {
  const folders = manifests().filter((file) => {
    const path = join(root, file);
    return existsSync(path) && 'dependencies' in JSON.parse(readFileSync(path, 'utf8'));
  });
  if (!folders.every((file) => existsSync(join(root, file, '..', 'node_modules')))) return false;
  try {
    accessSync(node24, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install() {
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 1000);
  const terminal = process.stdout.isTTY;
  const say = (end) => {
    const text = `Installing packages (once; about a minute) ... ${seconds()} s`;
    if (terminal) process.stdout.write(`\r${text}${end}`);
    else console.log(text);
  };
  say('');
  const timer = setInterval(() => say(''), terminal ? 1_000 : progressMs);
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-keptBytes);
    };
    // No standard input: it must never ask anything. The lock file is taken as it was reviewed: its hashes decide, and no start depends on
    // the dates that a registry or this machine gives. What changes the lock file is checked, and so is the file in CI.
    const words = ['--yes', pnpmSpec, 'install', '--trust-lockfile', '--reporter=append-only'];
    const child = spawn('npx', words, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => finish(error.message));
    child.once('close', (code) => finish(code === 0 ? '' : output));
    const finish = (problem) => {
      clearInterval(timer);
      if (terminal) say('\n');
      if (problem === '') return resolve();
      const lines = problem.trim().split('\n').slice(-shownLines).join('\n');
      reject(
        new Error(`Installing packages failed:\n${lines}\n${installRemedy(problem, root, process.env.HOME)}`),
      );
    };
  });
}
