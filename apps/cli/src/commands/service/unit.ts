import { delimiter } from 'node:path';
import { barePath, quoted } from './quote.ts';

export interface UnitFacts {
  scope: 'system' | 'user';
  /** The checkout. */
  root: string;
  dataDir: string;
  /** Where npm and Node.js of the account are, for a start that has to install something; system folders are searched in any case. */
  tools: string | undefined;
  /** Whose processes they are; of a system unit alone. */
  user: string;
  /** STOP_SECONDS. */
  stopSeconds: number;
  /** What is set for this copy alone: a port, a data folder, another .env. Never a secret: everybody may read a unit. */
  environment: Readonly<Record<string, string>>;
}

// Above what the plane gives itself, so that systemd kills only what hangs.
const stopMarginSeconds = 15;
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The unit of systemd that keeps the plane running: from boot on, again after it was killed, and stopped cleanly. */
export function renderUnit(facts: UnitFacts): string {
  const { scope, root, tools, user, stopSeconds } = facts;
  const system = scope === 'system';
  const path = tools === undefined ? systemPath : [tools, systemPath].join(delimiter);
  const environment = Object.entries({ PATH: path, ...facts.environment });
  return `${[
    '# Written by npm run service; a change is lost with the next npm run service -- install. Your own go into: systemctl edit',
    '[Unit]',
    'Description=actp-worker, the safety plane between agents and the world',
    ...(system ? ['Wants=network-online.target', 'After=network-online.target'] : []),
    // A plane that cannot start (a setting, a port) is tried ten times, and then left to a person.
    'StartLimitIntervalSec=600',
    'StartLimitBurst=10',
    '',
    '[Service]',
    'Type=exec',
    ...(system ? [`User=${user}`] : []),
    `WorkingDirectory=${barePath(root)}`,
    ...environment.map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    // By way of the working directory: systemd takes no program whose path has a quote or a backslash in it.
    'ExecStart=/usr/bin/env ./node_modules/.bin/node scripts/start.mjs',
    // Reads the settings again; without a terminal SIGHUP means that.
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=always',
    'RestartSec=5',
    // The start hands SIGTERM on, and the plane stops its apps and stores in their order; systemd kills what is left.
    'KillMode=mixed',
    'KillSignal=SIGTERM',
    `TimeoutStopSec=${stopSeconds + stopMarginSeconds}`,
    // The first start installs packages and initialises a database.
    'TimeoutStartSec=300',
    // An app that takes too much memory is started again by the supervisor; the rest goes on.
    'OOMPolicy=continue',
    'LimitNOFILE=65536',
    'StandardOutput=journal',
    'StandardError=journal',
    'SyslogIdentifier=actp-worker',
    'UMask=0077',
    ...hardening(facts),
    '',
    '[Install]',
    `WantedBy=${system ? 'multi-user.target' : 'default.target'}`,
  ].join('\n')}\n`;
}

/*
 * As far as the sandbox of suites and the embedded stores allow. Left out on purpose: RestrictNamespaces (the sandbox makes namespaces),
 * ProtectKernelTunables, ProtectKernelLogs and ProtectProc (with a /proc that is partly covered the kernel refuses the sandbox its own),
 * MemoryDenyWriteExecute (V8 compiles), ProtectHome (the anchor of the audit log is in the user's state folder).
 */
function hardening({ scope, root, dataDir }: UnitFacts): string[] {
  const everywhere = [
    'NoNewPrivileges=yes',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'SystemCallArchitectures=native',
  ];
  if (scope === 'user') return everywhere;
  return [
    ...everywhere,
    'RestrictSUIDSGID=yes',
    'PrivateTmp=yes',
    'ProtectSystem=full',
    `ReadWritePaths=${[...new Set([root, dataDir])]
      .map((path) => `-${path}`)
      .map(quoted)
      .join(' ')}`,
    'ProtectHostname=yes',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  ];
}
