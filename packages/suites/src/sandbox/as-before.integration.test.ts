import { existsSync } from 'node:fs';
import { chown, readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { givenTo, openPlaneOfFile, secret, sh } from './sandbox.fixture.ts';

const { plane, whereApart } = await openPlaneOfFile();
const { root, project, runDir } = plane;

const env = join(root, '.env');

describe('a suite in a sandbox', () => {
  it('[TRU-002] ends with its exit code, says by which signal it was killed, may clean up', async () => {
    expect(await plane.run(sh('exit 7'))).toMatchObject({
      exit_code: 7,
      failures: [{ message: 'ended with exit code 7' }],
    });
    expect(await plane.run(sh('kill -KILL $$'))).toMatchObject({
      failures: [{ message: 'was killed by SIGKILL' }],
    });
    const cleaning = {
      ...sh('trap "echo bye; exit 0" TERM; echo ready; sleep 600 & wait'),
      timeout_seconds: 3,
    };
    expect(await plane.run(cleaning)).toMatchObject({ timed_out: true, output_excerpt: 'ready\nbye\n' });
    expect(await plane.run({ command: ['no-such-program'] })).toMatchObject({
      failures: [{ message: 'command not found: no-such-program' }],
    });
  });

  it('[TRU-002] writes its report where the configuration says', async () => {
    const xml = '<testsuite><testcase name="a"/></testsuite>';
    for (const junit of ['report.xml', '{run_dir}/report.xml', `/tmp/report-${process.pid}.xml`]) {
      const write = [process.execPath, '-e', `require('fs').writeFileSync(process.argv[1], '${xml}')`];
      const result = await plane.run({ command: [...write, junit], junit });
      expect(result).toMatchObject({ status: 'passed', tests_total: 1 });
    }
    await rm(`/tmp/report-${process.pid}.xml`, { force: true });
  });

  it(
    '[TRU-002] finds the tools of the operator, and may write what they keep in the home folder',
    whereApart(async () => {
      const result = await plane.run(
        sh('node=$1; "$0" -p 6*7; [ ! -w "$HOME" ] || { mkdir -p "$HOME/.cache/a" && echo kept; }'),
      );
      expect(result.status).toBe('passed');
      expect((await plane.run({ command: [process.execPath, '-p', '6*7'] })).output_excerpt).toBe('42\n');
      expect(existsSync(join(homedir(), '.cache', 'a'))).toBe(false);
    }),
  );

  it(
    '[TRU-002] leaves nothing of its own beside the directory of the run',
    whereApart(async () => {
      await plane.run(sh('touch /tmp/x "$HOME/x"; exit 0'));
      const left = await readdir(`${runDir}-sandbox`).catch(() => []);
      expect(left).toEqual([]);
    }),
  );

  it.runIf(process.getuid?.() === 0)(
    '[TRU-002] runs as the owner of the checkout when the plane is root and he is not',
    whereApart(async () => {
      if (!(await givenTo(project, 65_534))) return;
      try {
        const result = await plane.run(
          sh(`id -u; echo x > made; cat ${env} /etc/shadow; echo y > {run_dir}/own; exit 0`),
        );
        expect(result).toMatchObject({ status: 'passed', sandbox: 'namespaces' });
        expect(result.output_excerpt).toMatch(/^65534\n/);
        expect(result.output_excerpt).not.toContain(secret);
        expect(await stat(join(project, 'made'))).toMatchObject({ uid: 65_534 });
      } finally {
        await chown(project, 0, 0);
        await chown(runDir, 0, 0);
      }
    }),
  );
});
