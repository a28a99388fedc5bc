import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { mustRun, run, type RunOptions } from './run.ts';

/** A Docker engine, and the commands that speak with it. */
export interface Engine {
  docker(words: readonly string[], options?: RunOptions): Promise<string>;
  /** The words in front of those of Compose: `docker compose` or `docker-compose`. */
  compose: readonly string[];
  /** How the engine is found. */
  env: Readonly<Record<string, string>>;
  /** Ours: made for this run, and removed with everything in it. */
  own: boolean;
  describe: string;
  stop(): Promise<void>;
}

const startedWithinMs = 60_000;

/**
 * The engine of this machine; where there is none, one of our own, in a folder that is removed at the end: `dockerd`, installed from Debian
 * when that is possible without asking.
 *
 * @param folder for an engine of our own
 * @param keep whether its images stay there for the next run
 */
export async function openEngine(
  folder: string,
  keep: boolean,
  say: (text: string) => void,
): Promise<Engine> {
  const present = await run(['docker', 'info']).catch(() => undefined);
  if (present?.code === 0) return engineOf({}, false, () => Promise.resolve());
  if (process.getuid?.() !== 0) {
    throw new Error(
      'There is no Docker engine that this user may use. Start one, or run this as root on Debian.',
    );
  }
  await install(say);
  say('Starting a Docker engine of its own');
  return startEngine(folder, keep);
}

async function install(say: (text: string) => void): Promise<void> {
  const wanted = [];
  const isThere = async (...words: string[]) => (await run(words).catch(() => undefined))?.code === 0;
  if (!(await isThere('dockerd', '--version'))) wanted.push('docker.io', 'iptables');
  const hasCompose =
    (await isThere('docker', 'compose', 'version')) || (await isThere('docker-compose', 'version'));
  if (!hasCompose) wanted.push('docker-compose');
  if (!(await isThere('debootstrap', '--version'))) wanted.push('debootstrap');
  if (wanted.length === 0) return;
  say(`Installing ${wanted.join(', ')} from Debian`);
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await mustRun(['apt-get', 'update'], { env });
  await mustRun(['apt-get', 'install', '-y', '--no-install-recommends', ...wanted], { env });
}

async function startEngine(folder: string, keep: boolean): Promise<Engine> {
  await mkdir(folder, { recursive: true });
  const host = `unix://${join(folder, 'docker.sock')}`;
  const log = createWriteStream(join(folder, 'dockerd.log'));
  const words = [
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(folder, 'exec')}`,
    `--pidfile=${join(folder, 'dockerd.pid')}`,
    `--host=${host}`,
  ];
  // A group of its own: Ctrl-C in the terminal is for us, who stop it last.
  const child = spawn('dockerd', words, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await run(['umount', '--recursive', join(folder, 'data')]).catch(() => undefined);
    if (!keep) await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + startedWithinMs;
  while ((await run(['docker', 'info'], { env: { DOCKER_HOST: host } })).code !== 0) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`dockerd does not start here; ${join(folder, 'dockerd.log')} says why.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return engineOf({ DOCKER_HOST: host }, true, stop);
}

async function engineOf(
  env: Readonly<Record<string, string>>,
  own: boolean,
  stop: () => Promise<void>,
): Promise<Engine> {
  const newer = await run(['docker', 'compose', 'version', '--short'], { env });
  const compose = newer.code === 0 ? ['docker', 'compose'] : ['docker-compose'];
  const composeVersion =
    newer.code === 0 ? newer.out.trim() : (await mustRun(['docker-compose', 'version', '--short'])).trim();
  const version = (await mustRun(['docker', 'version', '--format', '{{.Server.Version}}'], { env })).trim();
  const driver = (await mustRun(['docker', 'info', '--format', '{{.Driver}}'], { env })).trim();
  return {
    docker: (words, options = {}) =>
      mustRun(['docker', ...words], { ...options, env: { ...env, ...options.env } }),
    compose,
    env,
    own,
    describe: `Docker ${version} (${driver}), ${compose.join(' ')} ${composeVersion}`,
    stop,
  };
}
