import { describe, expect, it } from 'vitest';
import { look } from './look.fixture.ts';
import { sandboxCheck } from './sandbox.ts';
import { versionsCheck } from './versions.ts';

describe('versions', () => {
  const of = (node: string, platform: string) => look(versionsCheck({ release: '1.0.0', node, platform }));
  const said = (node: string, platform: string) => `actp-worker 1.0.0, Node.js ${node}, ${platform}`;
  const name = 'versions';

  it('are those that this release was made for', async () => {
    for (const [node, platform] of [
      ['v24.21.0', 'linux'],
      ['24.0.0', 'darwin'],
    ] as const) {
      const detail = said(node.replace('v', ''), platform);
      expect(await of(node, platform)).toEqual([{ name, state: 'ok', detail, remedy: null }]);
    }
  });

  it('are others, which may do', async () => {
    for (const node of ['v22.1.0', 'v26.0.0', 'v240.0.0']) {
      expect(await of(node, 'linux')).toEqual([
        {
          name,
          state: 'warn',
          detail: `${said(node.slice(1), 'linux')}: made for Node.js 24`,
          remedy:
            'Start with npm start, which brings its own Node.js; or remove node_modules and start again',
        },
      ]);
    }
  });

  it('do not run on every system', async () => {
    expect(await of('v24.21.0', 'win32')).toEqual([
      {
        name,
        state: 'fail',
        detail: `${said('24.21.0', 'win32')}: not supported`,
        remedy: 'Run it on Linux or macOS, or inside WSL',
      },
    ]);
  });
});

describe('the sandbox', () => {
  const state = { isolation: 'in a sandbox', switchedOff: [], problem: null };
  const of = (other: object) => look(sandboxCheck(async () => ({ ...state, ...other })));
  const name = 'sandbox';
  const fine = { name, state: 'ok', detail: 'suites run in a sandbox', remedy: null };

  it('holds all suites', async () => {
    expect(await of({})).toEqual([fine]);
  });

  it('is not there, or is switched off', async () => {
    expect(await of({ isolation: null, switchedOff: ['unit'] })).toEqual([
      {
        name,
        state: 'warn',
        detail: 'suites do NOT run in a sandbox: this system offers neither namespaces nor another account',
        remedy: 'Install bubblewrap, or allow user namespaces; docs/self-test.md',
      },
    ]);
    expect(await of({ switchedOff: ['unit', 'crm'] })).toEqual([
      {
        name,
        state: 'warn',
        detail: 'switched off for unit, crm',
        remedy: 'Remove sandbox: off there (SELFTEST_CONFIG)',
      },
    ]);
  });

  it('is told beside a configuration that cannot be used', async () => {
    expect(await of({ problem: 'SELFTEST_CONFIG: line 1' })).toEqual([
      fine,
      {
        name: 'self-test suites',
        state: 'warn',
        detail: 'SELFTEST_CONFIG: line 1',
        remedy: 'Correct SELFTEST_CONFIG; docs/self-test.md',
      },
    ]);
  });

  it('is looked at on its machine alone', async () => {
    expect(sandboxCheck(undefined).name).toBe(name);
    expect(await look(sandboxCheck(undefined))).toEqual([
      { name, state: 'off', detail: 'npm run doctor, on that machine, looks at it', remedy: null },
    ]);
  });
});
