import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { renderUnit, type UnitFacts } from './unit.ts';

const facts: UnitFacts = {
  scope: 'system',
  root: '/srv/actp-worker',
  dataDir: '/srv/actp-worker/.actp',
  tools: undefined,
  user: 'actp',
  stopSeconds: 10,
  environment: {},
};
const lines = (over: Partial<UnitFacts> = {}) => renderUnit({ ...facts, ...over }).split('\n');
const valueOf = (name: string, over: Partial<UnitFacts> = {}) =>
  lines(over)
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));

describe('the unit', () => {
  it('[OPS-001] starts at boot, again after it was killed, and gives the plane its time to stop', () => {
    expect(valueOf('WantedBy')).toEqual(['multi-user.target']);
    expect(valueOf('Restart')).toEqual(['always']);
    expect(valueOf('KillMode')).toEqual(['mixed']);
    expect(Number(valueOf('TimeoutStopSec', { stopSeconds: 120 })[0])).toBeGreaterThan(120);
    expect(Number(valueOf('StartLimitBurst')[0])).toBeGreaterThan(1);
    expect(valueOf('ExecReload')).toEqual(['/bin/kill -HUP $MAINPID']);
    expect(valueOf('StandardOutput')).toEqual(['journal']);
    expect(valueOf('User')).toEqual(['actp']);
    expect(valueOf('ExecStart')).toEqual(['/usr/bin/env ./node_modules/.bin/node scripts/start.mjs']);
  });

  it('[OPS-001] of an account names no user, and nothing that only the system may do', () => {
    const own = { scope: 'user' } as const;
    expect(valueOf('User', own)).toEqual([]);
    expect(valueOf('WantedBy', own)).toEqual(['default.target']);
    for (const name of ['PrivateTmp', 'ProtectSystem', 'ReadWritePaths'])
      expect(valueOf(name, own)).toEqual([]);
    // Whatever it writes is its own account's alone.
    expect([...valueOf('UMask', own), ...valueOf('UMask')]).toEqual(['0077', '0077']);
    expect(valueOf('NoNewPrivileges', own)).toEqual(['yes']);
  });

  it('[SEC-018] leaves suites their sandbox and the audit log its anchor', () => {
    const text = renderUnit(facts);
    for (const name of [
      'RestrictNamespaces',
      'ProtectHome',
      'ProtectKernelTunables',
      'ProtectProc',
      'MemoryDenyWriteExecute',
    ]) {
      expect(text).not.toContain(`${name}=`);
    }
  });

  it('[OPS-001] quotes what systemd would read as something else', () => {
    const root = '/srv/a b"c\\d%n$HOME\'é';
    expect(valueOf('WorkingDirectory', { root })).toEqual(['/srv/a b"c\\d%%n$HOME\'é']);
    expect(valueOf('ExecStart', { root })).toEqual(valueOf('ExecStart'));
    expect(valueOf('ReadWritePaths', { root, dataDir: '/x y' })).toEqual([
      '"-/srv/a b\\"c\\\\d%%n$HOME\'é" "-/x y"',
    ]);
    expect(
      valueOf('Environment', { environment: { ACTP_DATA_DIR: '/x "y" 100%' }, tools: '/opt/my node/bin' }),
    ).toEqual([
      '"PATH=/opt/my node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"',
      '"ACTP_DATA_DIR=/x \\"y\\" 100%%"',
    ]);
  });

  it.each([
    '/srv/a\nExecStart=/bin/evil',
    '/srv/a\rb',
    '/srv/a\u0000',
    '/srv/a\u2028b',
    '/srv/a ',
    '/srv/a\\',
  ])('[OPS-001] refuses a folder that no unit can name: %j', (root) => {
    expect(() => renderUnit({ ...facts, root })).toThrow(/Move the checkout/);
  });

  it('[OPS-001] refuses a setting with a line break', () => {
    expect(() => renderUnit({ ...facts, environment: { ACTP_DATA_DIR: '/x\nUser=root' } })).toThrow(
      'control character',
    );
  });
});

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!hasAnalyze)('systemd', () => {
  it.each([
    'plain',
    'with blank',
    'per%cent',
    'quo"te',
    "apo'strophe",
    'dollar$HOME',
    'back\\slash',
    'ünïcode',
    '-dash',
    ';semi',
  ])('[OPS-001] takes a unit of a checkout in a folder called %s', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'actp-unit-'));
    atEnd(() => rmSync(folder, { recursive: true, force: true }));
    const root = join(folder, name);
    mkdirSync(root);
    const user = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
    const file = join(folder, 'actp-worker.service');
    writeFileSync(file, renderUnit({ ...facts, root, user, dataDir: join(root, '.actp') }));
    const { stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    const ours = stderr.split('\n').filter((line) => line.includes('actp-worker.service'));
    expect({ status, ours }).toEqual({ status: 0, ours: [] });
  });
});
