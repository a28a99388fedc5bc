import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { AddCommand, Cli } from '../../command.ts';
import { assertSystemd, systemctl, unitStatus, type Scope } from './systemctl.ts';
import { renderUnit } from './unit.ts';
import { unitFacts } from './unit-facts.ts';

interface Flags {
  user?: true;
  name: string;
}

const more = `
A service of the system runs as the owner of this checkout and starts at boot; one of your account (--user) needs no root.
Its log: journalctl -u actp-worker, or journalctl --user -u actp-worker

Environment: GATEWAY_PORT, ACTP_DATA_DIR, ACTP_ENV_FILE are written into the unit when they are set; secrets never are
Exit code: 0 done; 1 systemd refused, or the service does not run; 2 not possible here`;

/** `service`: has systemd start the plane at boot, and again whenever it ends. */
export const service: AddCommand = (program, cli) => {
  const group = program
    .command('service')
    .summary('run the plane as a service of systemd')
    .description('Has systemd run the plane: from boot on, and again whenever it was killed.')
    .addHelpText('after', more);
  withFlags(group.command('install'))
    .description('Writes the unit, enables it and starts the plane.')
    .option('--run-as <user>', 'the user of the processes; without it the owner of the checkout')
    .option('--print', 'print the unit and change nothing')
    .action((flags: Flags & { runAs?: string; print?: true }) => install(cli, flags));
  withFlags(group.command('uninstall'))
    .description('Stops the plane and removes the unit. Data and settings stay.')
    .action((flags: Flags) => uninstall(cli, flags));
  withFlags(group.command('status'))
    .description('Says whether the service runs, with its last lines.')
    .action((flags: Flags) => status(cli, flags));
};

const withFlags = (command: Command): Command =>
  command
    .option('--user', 'of your account, not of the system')
    .option('--name <name>', 'of the unit, for a second copy', unitName, 'actp-worker');

function unitName(name: string): string {
  if (!/^[a-zA-Z0-9][\w.:-]{0,99}$/.test(name)) {
    throw new InvalidArgumentError('it has other characters than letters, digits, and . _ : -');
  }
  return name.replace(/\.service$/, '');
}

const scopeOf = ({ user }: Flags): Scope => (user === true ? 'user' : 'system');

function unitFile(cli: Cli, flags: Flags): string {
  const own = join(cli.environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemd', 'user');
  return join(flags.user === true ? own : '/etc/systemd/system', `${flags.name}.service`);
}

async function install(cli: Cli, flags: Flags & { runAs?: string; print?: true }): Promise<void> {
  const scope = scopeOf(flags);
  if (flags.print !== true) assertSystemd(scope, cli.environment);
  const unit = renderUnit(await unitFacts(cli, scope, flags.runAs));
  if (flags.print === true) {
    cli.say(unit.trimEnd());
    return;
  }
  const file = unitFile(cli, flags);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, unit, { mode: 0o644 });
  systemctl(scope, 'daemon-reload');
  systemctl(scope, 'enable', `${flags.name}.service`);
  systemctl(scope, 'restart', `${flags.name}.service`);
  cli.say(`Installed ${file}; the plane starts, now and at every boot.`);
  if (scope === 'user') keepWithoutLogin(cli);
  const journal = `journalctl ${scope === 'user' ? '--user ' : ''}-u ${flags.name}`;
  cli.say(`Its log: ${journal} --follow`);
}

// Without it the services of an account end with its last session, and start with its first.
function keepWithoutLogin(cli: Cli): void {
  const { username } = userInfo();
  const lingers = spawnSync('loginctl', ['enable-linger', username]).status === 0;
  if (!lingers)
    cli.say(
      `It runs only while you are logged in. For a start at boot: sudo loginctl enable-linger ${username}`,
    );
}

async function uninstall(cli: Cli, flags: Flags): Promise<void> {
  const scope = scopeOf(flags);
  assertSystemd(scope, cli.environment);
  const file = unitFile(cli, flags);
  if (!existsSync(file)) {
    cli.say(`There is no ${file}.`);
    return;
  }
  systemctl(scope, 'disable', '--now', `${flags.name}.service`);
  await rm(file);
  systemctl(scope, 'daemon-reload');
  cli.say(`Stopped, and removed ${file}. Data and settings are where they were.`);
}

function status(cli: Cli, flags: Flags): void {
  const scope = scopeOf(flags);
  // Looking is open to everybody.
  if (!existsSync('/run/systemd/system')) assertSystemd(scope, cli.environment);
  const file = unitFile(cli, flags);
  if (!existsSync(file)) {
    cli.say(`Not installed: there is no ${file}.`);
    cli.setExitCode(1);
    return;
  }
  const said = unitStatus(scope, flags.name);
  cli.say(said);
  if (!/^\s*Active: active \(running\)/m.test(said)) cli.setExitCode(1);
}
