import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import type { Stores } from '@actp/testing/stores';

const root = join(import.meta.dirname, '../..');

/** An app on real stores, as a process of its own; it ends with the test file. Resolves once it says that it has started. */
export async function startApp(
  app: string,
  stores: Stores,
  settings: Record<string, string>,
): Promise<{ stop(): Promise<number | null> }> {
  const child = spawn(process.execPath, [`apps/${app}/src/main.ts`], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      SUPABASE_URL: stores.env.SUPABASE_URL,
      SUPABASE_SERVICE_ROLE_KEY: stores.env.SUPABASE_SERVICE_ROLE_KEY,
      DATABASE_APP_KEY: stores.env.DATABASE_APP_KEY,
      REDIS_URL: stores.env.REDIS_URL,
      ACTP_DATA_DIR: join(tmpdir(), `actp-${app}-${randomUUID()}`),
      // Only to end what hangs: a clean stop takes as long as the machine needs.
      STOP_SECONDS: '120',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    child.kill('SIGTERM');
    if (!ended()) await once(child, 'exit');
    return child.exitCode;
  };
  atEnd(stop);
  await eventually(() => ended() || output.includes('"msg":"started"'));
  if (ended()) throw new Error(`${app} ended:\n${output}`);
  return { stop };
}
