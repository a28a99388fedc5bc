import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ownPort } from '@actp/testing/own-port';
import { eventually } from '@actp/testing/eventually';

const root = join(import.meta.dirname, '..', '..');

export interface Plane {
  url: string;
  secret: string;
  operator: { email: string; password: string };
  /** What it was started with: a command with these settings finds it. */
  settings: Readonly<Record<string, string>>;
  child: ChildProcess;
  /** Everything printed so far. */
  printed(): string;
  /** A request with the worker secret. */
  get(path: string): Promise<Response>;
  post(path: string, body?: unknown): Promise<Response>;
  /** Processes of this plane by what their command line says, for instance `apps/gateway`. */
  pids(word: string): Promise<number[]>;
  /** SIGINT, then gone: true when nothing is left. */
  stop(): Promise<void>;
  clean(): Promise<void>;
}

/**
 * The whole plane as `npm start` brings it up, in a data folder of its own; nothing is written to the checkout, and no `.env` is read.
 *
 * @param env settings, with WORKER_SECRET_FILE for the secret in a file, which is written; those of an earlier plane start it again
 * @param signal ends the start
 */
export async function startPlane(
  env: Record<string, string> = {},
  { signal }: { signal?: AbortSignal } = {},
): Promise<Plane> {
  const folder = env['ACTP_DATA_DIR'] ?? (await mkdtemp(join(tmpdir(), 'actp-plane-')));
  const port = env['GATEWAY_PORT'] ?? String(await ownPort());
  const secret = () => randomBytes(24).toString('hex');
  const workerSecret = env['WORKER_SECRET'] ?? secret();
  const password = env['OPERATOR_PASSWORD'] ?? secret();
  const secretFile = env['WORKER_SECRET_FILE'];
  if (secretFile !== undefined) await writeFile(secretFile, workerSecret);
  const settings = {
    GATEWAY_PORT: port,
    ACTP_DATA_DIR: folder,
    // Not in the state folder of whoever runs the tests.
    ACTP_ANCHOR_FILE: `${folder}.anchor.json`,
    ACTP_ENV_FILE: join(folder, '.env'),
    ...(secretFile === undefined ? { WORKER_SECRET: workerSecret } : {}),
    SESSION_SECRET: secret(),
    DATABASE_APP_SECRET: secret(),
    OPERATOR_PASSWORD: password,
    ACTP_POSTGRES_PASSWORD: secret(),
    AUDIT_SIGNING_KEY: secret(),
    REDACTION_KEY: secret(),
    ACTP_JWT_SECRET: secret(),
    ACTP_REDIS_PASSWORD: secret(),
    // Only to end what hangs: a clean stop takes as long as the machine needs.
    STOP_SECONDS: '120',
    ...env,
  };
  const child = spawn('node', ['scripts/start.mjs'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      HOME: process.env['HOME'],
      ...settings,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const url = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${workerSecret}` };
  const plane: Plane = {
    url,
    secret: workerSecret,
    operator: { email: 'operator@actp.local', password },
    settings,
    child,
    printed: () => text,
    get: (path) => fetch(`${url}${path}`, { headers }),
    post: (path, body) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      }),
    pids: (word) => processesOf(folder, word),
    async stop() {
      child.kill('SIGINT');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    async clean() {
      if (child.exitCode === null && child.signalCode === null) await plane.stop();
      for (const pid of await processesOf(folder, '')) process.kill(pid, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
      await rm(`${folder}.anchor.json`, { force: true });
    },
  };
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const isReady = () => /actp-worker is (?:ready|HELD)/.test(text);
  try {
    await eventually(() => isReady() || ended() || signal?.aborted, { within: 480_000, every: 100 });
  } catch {
    // It says nothing for too long.
  }
  if (isReady() && signal?.aborted !== true) return plane;
  await plane.clean();
  signal?.throwIfAborted();
  throw new Error(`the plane did not start:\n${text}`);
}

// A process belongs to this plane when its environment or its working folder names the plane's data folder.
async function processesOf(folder: string, word: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      const command = (await readFile(`/proc/${name}/cmdline`, 'utf8')).replaceAll('\0', ' ');
      const environment = await readFile(`/proc/${name}/environ`, 'utf8');
      const cwd = await readlink(`/proc/${name}/cwd`);
      const ours = environment.includes(folder) || command.includes(folder) || cwd.startsWith(folder);
      if (ours && command !== '' && command.includes(word)) found.push(Number(name));
    } catch {
      continue; // it ended meanwhile
    }
  }
  return found;
}
