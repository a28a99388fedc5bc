import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { atEnd } from '@actp/testing/at-end';

export interface AppProcess {
  child: ChildProcess;
  printed(): string;
  /** Its exit code. */
  ended: Promise<number | null>;
}

/** `npm run app` with these words, as npm runs it. */
export function runApp(words: readonly string[], settings: Record<string, string> = {}): AppProcess {
  const child = spawn('node', ['scripts/app.mjs', '--', ...words], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ACTP_ENV_FILE: '/nowhere/.env',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  atEnd(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { child, printed: () => text, ended };
}

/** A file of settings, gone with the test file. */
export async function settingsFile(settings: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'actp-settings-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'plane.env');
  const lines = Object.entries(settings).map(([name, value]) => `${name}="${value}"\n`);
  await writeFile(file, lines.join(''), { mode: 0o600 });
  return file;
}
