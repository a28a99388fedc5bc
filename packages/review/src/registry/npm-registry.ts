import { runTool } from '../audit/run-tool.ts';

const npmjs = 'https://registry.npmjs.org';

/** The registry that npm would use in a folder. */
export async function npmRegistry(
  cwd: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const run = await runTool({
    argv: ['npm', 'config', 'get', 'registry'],
    cwd,
    env,
    signal,
    timeoutMs: 15_000,
  });
  const address = run.stdout.trim();
  return (/^https?:\/\/\S+$/.test(address) ? address : npmjs).replace(/\/+$/, '');
}
