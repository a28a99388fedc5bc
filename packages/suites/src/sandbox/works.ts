import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { apartBy, type Plane } from './apart.ts';
import { runCommand } from '../command/run-command.ts';
import type { Isolation } from './isolation.ts';

const probeMs = 30_000;

/** Tries this way with a command that does nothing. */
export async function works(plane: Plane, isolation: Isolation, parent: string): Promise<boolean> {
  const place = join(parent, 'probe');
  try {
    await mkdir(place, { recursive: true });
    const { PATH = '/usr/bin:/bin', HOME } = plane.env;
    const env = { PATH, ...(HOME === undefined ? {} : { HOME }) };
    const cwd = isolation.kind === 'account' ? '/' : place;
    const probe = await apartBy(plane, isolation, {
      cwd,
      checkout: place,
      runDir: place,
      env,
      scratchParent: parent,
    });
    const { end, exitCode } = await runCommand({
      argv: ['/bin/sh', '-c', 'exit 7'],
      cwd,
      env: { ...probe.env },
      timeoutMs: probeMs,
      sandbox: probe,
    });
    await probe.leave();
    return end === 'exited' && exitCode === 7;
  } catch {
    return false;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
