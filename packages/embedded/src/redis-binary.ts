import process from 'node:process';
import { findProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { StartupError } from './startup-error.ts';

interface Installer {
  program: string;
  needsRoot: boolean;
  commands: readonly (readonly string[])[];
}

// Valkey goes by the same protocol and files.
const servers = ['redis-server', 'valkey-server'];
// A package list and one small package over a slow line.
const installMs = 300_000;

const installers: readonly Installer[] = [
  {
    program: 'apt-get',
    needsRoot: true,
    commands: [['update'], ['install', '-y', '--no-install-recommends', 'redis-server']],
  },
  { program: 'dnf', needsRoot: true, commands: [['install', '-y', 'redis']] },
  { program: 'apk', needsRoot: true, commands: [['add', '--no-cache', 'redis']] },
  { program: 'brew', needsRoot: false, commands: [['install', 'redis']] },
];

// RUNLEVEL=1 keeps Debian's package from starting a server of its own; the others do not start one.
const quietly = { RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive', NONINTERACTIVE: '1', LC_ALL: 'C' };

/**
 * Finds a Redis (or Valkey) server; installs it when the system's package manager can do that without asking.
 *
 * @param notice told when something is installed, since that takes a while
 * @throws StartupError saying what to run
 */
export async function findRedis(searchPath: string, notice: (text: string) => void): Promise<string> {
  const present = await findProgram(servers, searchPath);
  if (present !== undefined) return present;
  const installer = await firstInstaller(searchPath);
  const root = process.getuid?.() === 0;
  if (installer === undefined || installer.needsRoot !== root) {
    throw new StartupError('Redis is not installed.', remedy(installer, root));
  }
  notice(`Redis is not installed: installing it with ${installer.program}`);
  const output = await install(installer, searchPath);
  const installed = await findProgram(servers, searchPath);
  if (installed !== undefined) return installed;
  throw new StartupError(
    `Redis is not installed, and installing it failed:\n${output}`,
    remedy(installer, root),
  );
}

async function install(installer: Installer, searchPath: string): Promise<string> {
  const env = { ...quietly, PATH: searchPath };
  const options = { env, timeoutMs: installMs };
  let output = '';
  for (const args of installer.commands) {
    // The next one is tried all the same: an old package list may do.
    ({ output } = await runCommand(installer.program, args, options));
  }
  return output.split('\n').slice(-5).join('\n');
}

async function firstInstaller(searchPath: string): Promise<Installer | undefined> {
  for (const installer of installers) {
    if ((await findProgram([installer.program], searchPath)) !== undefined) return installer;
  }
  return undefined;
}

function remedy(installer: Installer | undefined, root: boolean): string {
  const other = 'or set REDIS_URL to a Redis that runs elsewhere.';
  if (installer === undefined) return `Install redis-server or valkey-server 6.2 or later, ${other}`;
  const sudo = installer.needsRoot && !root ? 'sudo ' : '';
  const commands = installer.commands.map((args) => `${sudo}${installer.program} ${args.join(' ')}`);
  return `Run: ${commands.join(' && ')}\n${other}`;
}
