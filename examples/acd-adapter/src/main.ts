import { statSync } from 'node:fs';
import process from 'node:process';
import { createHarness } from './harness.ts';
import { readOptions, usage } from './options.ts';
import { startAdapter } from './server.ts';

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return void process.stdout.write(`${usage}\n`);
  const { cwd, port, minutes, words } = options;
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`--cwd ${cwd} is no folder`);
  // The token is for callers, and none of the agent's business.
  const { ACD_TOKEN: token, ...env } = process.env;
  const harness = createHarness({ words, cwd, env, limitMs: minutes * 60_000 });
  const adapter = await startAdapter({ harness, port, token: token || undefined });
  process.stdout.write(`Coding agent on ${adapter.url}, at work in ${cwd}; Ctrl-C stops it.\n`);
  const stop = () => void adapter.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
  process.exitCode = 2;
});
