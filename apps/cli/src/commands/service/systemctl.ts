import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CliError } from '../../cli-error.ts';

export type Scope = 'system' | 'user';

/** Calls systemctl. @throws CliError with what it said */
export function systemctl(scope: Scope, ...words: string[]): string {
  const result = spawnSync('systemctl', [...(scope === 'user' ? ['--user'] : []), ...words], {
    encoding: 'utf8',
  });
  if (result.status === 0) return result.stdout;
  const reason = (result.stderr || result.stdout || String(result.error ?? '')).trim();
  throw new CliError(`systemctl ${words.join(' ')} failed: ${reason}`, { exitCode: 1 });
}

/** What it says of a unit, whatever it says. */
export function unitStatus(scope: Scope, name: string): string {
  const words = [
    ...(scope === 'user' ? ['--user'] : []),
    'status',
    '--no-pager',
    '--full',
    `${name}.service`,
  ];
  const result = spawnSync('systemctl', words, { encoding: 'utf8' });
  return (result.stdout || result.stderr).trimEnd();
}

/** @throws CliError with a remedy where systemd does not run */
export function assertSystemd(scope: Scope, environment: Record<string, string | undefined>): void {
  const remedy =
    'Start the plane with npm start, or with docker compose up; npm run service -- install --print shows the unit for another machine.';
  if (process.platform !== 'linux') throw new CliError(`systemd is there on Linux alone\n${remedy}`);
  // What sd_booted(3) looks at.
  if (!existsSync('/run/systemd/system'))
    throw new CliError(`systemd does not run on this machine\n${remedy}`);
  if (scope === 'user' && environment['XDG_RUNTIME_DIR'] === undefined) {
    throw new CliError(
      'the systemd of your account cannot be reached (XDG_RUNTIME_DIR is not set)\nLog in as that user (ssh, machinectl shell) instead of su or sudo.',
    );
  }
  if (scope === 'system' && process.getuid?.() !== 0) {
    throw new CliError(
      'a service of the system is installed by root\nUse sudo, or --user for one of your account.',
    );
  }
}
