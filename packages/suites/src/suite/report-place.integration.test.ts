import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openPlane, secret, sh } from '../sandbox/sandbox.fixture.ts';

const plane = await openPlane();
const { root, project } = plane;
afterAll(() => plane.close());
afterEach(async () => {
  for (const name of await readdir(project)) await rm(join(project, name), { recursive: true, force: true });
});

describe('the report of a suite', () => {
  const xml = `<testsuite><testcase name="${secret}"/></testsuite>`;
  it.each(['on', 'off'])(
    '[TRU-002] is not read where a link leads to the plane or out of the checkout (sandbox: %s)',
    async (sandbox) => {
      await writeFile(join(root, '.actp', 'other.xml'), xml);
      await writeFile(join(root, '.env.xml'), xml);
      const places = [
        ['.actp/other.xml', "is a link to one of the plane's own files"],
        ['.env.xml', "is a link to one of the plane's own files"],
        ['packages', 'is not a regular file'],
      ];
      for (const [target = '', problem] of places) {
        await rm(join(project, 'report.xml'), { force: true });
        await symlink(join(root, target), join(project, 'report.xml'));
        const result = await plane.run({ command: ['true'], junit: 'report.xml', sandbox });
        expect(JSON.stringify(result)).not.toContain(secret);
        expect(result.failures[0]?.message).toBe(`its JUnit report report.xml ${problem}`);
      }
      await writeFile(join(root, 'packages', 'report.xml'), xml);
      await rm(join(project, 'report.xml'));
      await symlink(join(root, 'packages', 'report.xml'), join(project, 'report.xml'));
      const result = await plane.run({ command: ['true'], junit: 'report.xml', sandbox });
      expect(result.failures[0]?.message).toBe(
        'its JUnit report report.xml is a link that leads out of its checkout',
      );
      await rm(join(root, '.env.xml'));
    },
  );

  it('[TRU-002] is not read through a folder that is a link, nor from a pipe or a device', async () => {
    const of = (script: string) => plane.run({ ...sh(script), junit: 'out/report.xml' });
    await mkdir(join(root, 'packages', 'out'));
    await writeFile(join(root, 'packages', 'out', 'report.xml'), xml);
    expect((await of(`ln -s ${root}/packages/out out`)).failures[0]?.message).toContain(
      'leads out of its checkout',
    );
    expect((await of('rm -rf out; mkdir out; mkfifo out/report.xml')).failures[0]?.message).toContain(
      'is not a regular file',
    );
    expect(
      (await of('rm -rf out; mkdir out; ln -s /dev/zero out/report.xml')).failures[0]?.message,
    ).toContain('is not a regular file');
  });
});
