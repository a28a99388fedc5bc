import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { spawnSync } from 'node:child_process';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';
import type { Scope } from './systemctl.ts';
import type { UnitFacts } from './unit.ts';

// What tells one copy from another. Everything else is in .env, which is private.
const copySettings = ['GATEWAY_PORT', 'ACTP_DATA_DIR', 'ACTP_ENV_FILE'];

/** What the unit of this checkout says. @throws CliError for a user who does not exist */
export async function unitFacts(cli: Cli, scope: Scope, runAs: string | undefined): Promise<UnitFacts> {
  const { STOP_SECONDS: stopSeconds } = await cli.plane.settings({ STOP_SECONDS: settings.STOP_SECONDS });
  const environment = copySettings.flatMap((name) => {
    const value = cli.environment[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return {
    scope,
    root: cli.root,
    dataDir: await cli.plane.dataDir(),
    tools: toolsOf(cli.environment['npm_node_execpath']),
    user: scope === 'user' ? userInfo().username : (checkedUser(runAs) ?? ownerOf(cli.root)),
    stopSeconds,
    environment: Object.fromEntries(environment),
  };
}

function checkedUser(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const known = /^[\w][\w.-]{0,30}\$?$/.test(name) && spawnSync('id', ['-u', '--', name]).status === 0;
  if (!known)
    throw new CliError(
      `there is no user ${JSON.stringify(name)}\nCreate one: useradd --system --create-home <name>`,
    );
  return name;
}

// npm says with which Node.js it runs; an account may have its own, in no folder of the system.
function toolsOf(node: string | undefined): string | undefined {
  const folder = node === undefined ? undefined : dirname(node);
  return folder === undefined || /^\/(?:usr\/(?:local\/)?)?s?bin$/.test(folder) ? undefined : folder;
}

// Who owns the checkout owns .env and the data folder, too.
function ownerOf(root: string): string {
  const { uid } = statSync(root);
  const { stdout, status } = spawnSync('id', ['-un', '--', String(uid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : String(uid);
}
