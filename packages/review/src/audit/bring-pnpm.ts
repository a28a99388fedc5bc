import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { runTool, type ToolSpec } from './run-tool.ts';

/** The release of pnpm that the plane itself is installed with, so that npm most likely has it already. */
export const pnpmOfThePlane = 'pnpm@12.21.0';

/**
 * Where pnpm is not installed, npm brings the release that the plane is installed with. Neither what a project names in `packageManager`
 * nor what lies in its node_modules: those are programs of the project. It asks in an empty folder, where no project names a registry.
 *
 * @returns its path; undefined when npm cannot bring it
 */
export async function bringPnpm(spec: Omit<ToolSpec, 'argv' | 'cwd'>): Promise<string | undefined> {
  const cwd = await mkdtemp(join(tmpdir(), 'actp-review-'));
  try {
    const { end, code, stdout } = await runTool({
      ...spec,
      cwd,
      argv: [
        'npm',
        'exec',
        '--yes',
        '--prefer-offline',
        `--package=${pnpmOfThePlane}`,
        '--call',
        'command -v pnpm',
      ],
    });
    const path = stdout.trim();
    return end === 'exited' && code === 0 && isAbsolute(path) && !path.includes('\n') ? path : undefined;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
