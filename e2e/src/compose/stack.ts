import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Engine } from './engine.ts';
import { mustRun, run, type RunOptions } from './run.ts';

const root = join(import.meta.dirname, '../../..');

export interface StackOptions {
  engine: Engine;
  /** Of Compose: what belongs to it carries this name. */
  project: string;
  port: number;
  /** Temporary, for its .env. */
  folder: string;
  /** Ends what is waited for. */
  signal: AbortSignal;
}

/** One plane in containers. */
export interface Stack {
  project: string;
  url: string;
  /** Commands of Compose for it. */
  compose(words: readonly string[], options?: RunOptions): Promise<string>;
  /** Which image of the plane the next `up` takes, and further settings. */
  useVersion(version: string, more?: string): Promise<void>;
  /** A secret that was generated, as the operator reads it. */
  secret(name: string): Promise<string>;
  /** The containers that run, by service. */
  containers(): Promise<Map<string, { id: string; pid: number }>>;
  /** Waits for /readyz. @returns seconds @throws Error after `withinSeconds` */
  waitReady(withinSeconds: number): Promise<number>;
  remove(): Promise<void>;
}

/** Nothing of this machine's own settings reaches it: what `docker compose` would read of the environment is left out. */
export async function createStack({ engine, project, port, folder, signal }: StackOptions): Promise<Stack> {
  await mkdir(folder, { recursive: true });
  const envFile = join(folder, '.env');
  const env = {
    ...engine.env,
    ...Object.fromEntries(
      Object.keys(process.env)
        .filter(isSetting)
        .map((name) => [name, undefined]),
    ),
  };
  const words = [
    ...engine.compose,
    '--project-name',
    project,
    '--project-directory',
    root,
    '--env-file',
    envFile,
  ];
  const files = ['--file', join(root, 'docker-compose.yml')];
  const compose: Stack['compose'] = (more, options = {}) =>
    mustRun([...words, ...files, ...more], { ...options, env: { ...env, ...options.env }, cwd: root });
  const useVersion = (version: string, more = '') =>
    writeFile(envFile, `GATEWAY_PORT=${port}\nACTP_VERSION=${version}\n${more}`, { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  await useVersion('trial');
  return {
    project,
    url,
    compose,
    useVersion,
    secret: async (name) =>
      (
        await compose([
          'run',
          '--rm',
          '--no-deps',
          '-T',
          '--entrypoint',
          'cat',
          'secrets',
          `/secrets/generated/${name}`,
        ])
      ).trim(),
    async containers() {
      const filter = [
        '--filter',
        `label=com.docker.compose.project=${project}`,
        '--filter',
        'status=running',
      ];
      const ids = (await engine.docker(['ps', '--quiet', '--no-trunc', ...filter]))
        .split('\n')
        .filter(Boolean);
      if (ids.length === 0) return new Map();
      const form = '{{.Id}} {{.State.Pid}} {{index .Config.Labels "com.docker.compose.service"}}';
      // One may end between the two questions.
      const { out } = await run(['docker', 'inspect', '--format', form, ...ids], { env: engine.env });
      return new Map(
        out.split('\n').flatMap((line) => {
          const [id = '', pid, service = ''] = line.split(' ');
          return id === '' || pid === '0' ? [] : [[service, { id, pid: Number(pid) }]];
        }),
      );
    },
    async waitReady(withinSeconds) {
      const begun = performance.now();
      const seconds = () => (performance.now() - begun) / 1_000;
      while (!(await isReady(url))) {
        signal.throwIfAborted();
        if (seconds() > withinSeconds) throw new Error(`The plane was not ready within ${withinSeconds} s.`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return seconds();
    },
    async remove() {
      await compose(['down', '--volumes', '--remove-orphans', '--timeout', '20']);
    },
  };
}

const isSetting = (name: string) =>
  /^[A-Z][A-Z0-9_]*_[A-Z0-9_]+$/.test(name) && !/^(?:DOCKER|COMPOSE|SSL|NODE|XDG|LC)_/.test(name);

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
