import { chmod, copyFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { findTools } from './find-tools.ts';
import type { Isolation } from './isolation.ts';
import { possibleIsolations } from './possible-isolations.ts';
import { givenTo, openPlane, processesIn, secret, sh, type Plane } from './sandbox.fixture.ts';

const ways = await possibleIsolations(await findTools(process.env['PATH']));
const nameOf = ({ kind, homeLayer }: Isolation) =>
  `${kind}, ${homeLayer ? 'with' : 'without'} a layer over the home folder`;

async function within(way: Isolation, work: (plane: Plane) => Promise<void>): Promise<void> {
  const plane = await openPlane(() => Promise.resolve([way]));
  try {
    // A way that does not work here says so, and nothing runs as if it did.
    if ((await plane.sandboxes.isolation()) !== null) return await work(plane);
    expect(await plane.run(sh('true'))).toMatchObject({ status: 'passed', sandbox: 'unavailable' });
  } finally {
    await plane.close();
  }
}

describe('where nothing keeps suites apart', () => {
  it('[TRU-002] they run, and every result says so', async () => {
    const plane = await openPlane(() => Promise.resolve([]));
    expect(await plane.sandboxes.isolation()).toBeNull();
    expect(await plane.run(sh('exit 3'))).toMatchObject({
      status: 'failed',
      exit_code: 3,
      sandbox: 'unavailable',
    });
    await plane.close();
  });
});

describe.each(ways.map((way) => [nameOf(way), way] as const))('%s', (_name, way) => {
  it('[TRU-002] hides the plane, from within its own checkout too, and ends what is left running', () =>
    within(way, async (plane) => {
      const { root, project, bystander } = plane;
      const look = `cat ${root}/.env ${root}/.actp/keys.json /proc/[0-9]*/environ; ls /proc/${bystander.pid}`;
      const stay =
        "setsid env -i /bin/sh -c '(while :; do /bin/sleep 1; done) &' </dev/null >/dev/null 2>&1 & sleep 0.1";
      for (const where of ['own', 'project'] as const) {
        const result = await plane.run(sh(`${look}; ${stay}; echo x > made; exit 5`), where);
        expect(result).toMatchObject({ exit_code: 5, sandbox: way.kind });
        expect(JSON.stringify(result)).not.toContain(secret);
      }
      await eventually(async () => (await processesIn(project)).length === 0);
      expect(await readdir(project)).toEqual(['made']);
    }));

  it('[TRU-002] holds against system calls', async ({ skip }) => {
    let missing = false;
    await within(way, async (plane) => {
      const { root, project, bystander } = plane;
      await copyFile(join(import.meta.dirname, 'fixtures', 'escape.py'), join(project, 'escape.py'));
      const result = await plane.run({ command: ['python3', 'escape.py', root, String(bystander.pid)] });
      missing = result.failures[0]?.message.startsWith('command not found') === true;
      if (!missing) expect(result.output_excerpt).toBe('DONE\n');
      await rm(join(project, 'escape.py'));
    });
    if (missing) skip('python3 is not installed');
  });

  it('[TRU-002] lets a suite clean up when its time is over, and says by which signal one was killed', () =>
    within(way, async (plane) => {
      const cleaning = {
        ...sh('trap "echo bye; exit 0" TERM; echo ready; sleep 600 & wait'),
        timeout_seconds: 3,
      };
      expect(await plane.run(cleaning)).toMatchObject({ timed_out: true, output_excerpt: 'ready\nbye\n' });
      expect(await plane.run(sh('kill -SEGV $$'))).toMatchObject({
        failures: [{ message: 'was killed by SIGSEGV' }],
      });
    }));
});

describe.runIf(process.getuid?.() === 0)('root without namespaces', () => {
  const accountAlone: typeof possibleIsolations = async (tools, account) =>
    (await possibleIsolations(tools, account)).filter(({ kind }) => kind === 'account');

  it("[TRU-002] gives a suite the account of the checkout's owner, and ends what carries none of our marks", async ({
    skip,
  }) => {
    const plane = await openPlane(accountAlone);
    const { root, project, runDir, bystander } = plane;
    await chmod(join(root, '.actp', 'selftest'), 0o700);
    await chmod(join(root, '.actp', 'keys.json'), 0o600);
    if (!(await givenTo(project, 65_534))) {
      await plane.close();
      skip('root of this container cannot give files to others');
    }
    const stay =
      "setsid env -i /bin/sh -c '(while :; do /bin/sleep 1; done) &' </dev/null >/dev/null 2>&1 & sleep 0.1";
    const look = `id -u; cat ${root}/.env ${root}/.actp/keys.json /proc/${bystander.pid}/environ`;
    const result = await plane.run({
      command: [
        'sh',
        '-c',
        `${look}; kill -9 ${bystander.pid}; ${stay}; echo x > made; cp made "$0"/made; exit 4`,
        '{run_dir}',
      ],
    });
    expect(result).toMatchObject({ exit_code: 4, sandbox: 'account' });
    expect(result.output_excerpt).toMatch(/^65534\n/);
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(bystander.signalCode).toBeNull();
    expect(await readdir(runDir)).toEqual(['made']);
    expect(await stat(join(project, 'made'))).toMatchObject({ uid: 65_534 });
    await eventually(async () => (await processesIn(project)).length === 0);
    await plane.close();
  });

  it('[TRU-002] has nothing to offer where the checkout is its own, and says so', async () => {
    const plane = await openPlane(accountAlone);
    expect(await plane.run(sh('true'))).toMatchObject({ status: 'passed', sandbox: 'unavailable' });
    await plane.close();
  });
});
