import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { js, openPlaneOfFile, processesIn, secret, sh } from './sandbox.fixture.ts';

const { plane, whereApart } = await openPlaneOfFile();
const { root, project } = plane;

const pid = plane.bystander.pid ?? 0;

describe('a suite that wants to act', () => {
  it(
    '[TRU-002] changes its own checkout and nothing else',
    whereApart(async () => {
      const outside = [
        '/etc/made-by-suite',
        join(homedir(), 'made-by-suite'),
        join(root, 'made-by-suite'),
        '/var/made-by-suite',
      ];
      const result = await plane.run(
        sh(`for f in made ${outside.join(' ')}; do echo x >"$f"; done; mkdir -p deep/er; exit 0`),
      );
      expect(result.status).toBe('passed');
      expect((await readdir(project)).toSorted()).toEqual(['deep', 'made']);
      expect(outside.filter((path) => existsSync(path))).toEqual([]);
    }),
  );

  it(
    '[TRU-002] leaves files that belong to the owner of the checkout',
    whereApart(async () => {
      await plane.run(sh('echo x > made'));
      const [made, folder] = await Promise.all([stat(join(project, 'made')), stat(project)]);
      expect([made.uid, made.gid]).toEqual([folder.uid, folder.gid]);
    }),
  );

  it(
    '[TRU-002] in the checkout of the plane cannot change policy, program or what git will carry out',
    whereApart(async () => {
      await mkdir(join(root, '.git'), { recursive: true });
      await writeFile(join(root, '.git', 'config'), '[core]\n');
      const files = ['config/policy.yaml', 'packages/app.ts', '.git/config'];
      const before = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
      const changes = files
        .map((file) => `echo evil >>${file}; rm -f ${file}; mv ${file.split('/')[0]} gone`)
        .join('; ');
      await plane.run(sh(`${changes}; echo fine >report.txt`), 'own');
      expect(await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')))).toEqual(before);
      expect(await readFile(join(root, 'report.txt'), 'utf8')).toBe('fine\n');
      await rm(join(root, '.git'), { recursive: true });
    }),
  );

  it(
    '[TRU-002] leaves nothing in the checkout of the plane that its next start would carry out',
    whereApart(async () => {
      await writeFile(join(root, '.yarnrc'), 'before\n');
      const result = await plane.run(
        sh('for f in .npmrc .pnpmfile.cjs .yarnrc; do echo evil >$f; done; exit 0'),
        'own',
      );
      expect(result.status).toBe('passed');
      expect(existsSync(join(root, '.npmrc'))).toBe(false);
      expect(existsSync(join(root, '.pnpmfile.cjs'))).toBe(false);
      expect(await readFile(join(root, '.yarnrc'), 'utf8')).toBe('before\n');
    }),
  );

  it('[TRU-002] cannot have its next run write elsewhere by a link in the place of its directory', async () => {
    await mkdir(join(project, '.git'));
    await mkdir(join(project, 'inner'));
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere);
    const where = { cwd: join(project, 'inner') };
    await plane.run({ ...sh(`cd .. && mv inner old && ln -s ${elsewhere} inner`), ...where });
    const result = await plane.run({ ...sh('echo x > made'), ...where });
    expect(result.failures[0]?.message).toBe(
      `its directory ${where.cwd} is a link that leads out of its repository`,
    );
    expect(await readdir(elsewhere)).toEqual([]);
    // One that stays in the repository is as good as the directory.
    await rm(where.cwd);
    await symlink('old', where.cwd);
    expect(await plane.run({ ...sh('echo x > made'), ...where })).toMatchObject({ status: 'passed' });
    await rm(elsewhere, { recursive: true });
  });

  it(
    '[TRU-002] cannot end or stop a process of the plane',
    whereApart(async () => {
      const numbers = `${pid} ${process.pid}`;
      await plane.run(
        sh(`for p in ${numbers} $PPID 1; do kill -9 $p; kill -STOP $p; done; kill -9 -1; exit 0`),
      );
      expect(() => process.kill(pid, 0)).not.toThrow();
      expect(await readFile(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^State:\tT/m);
    }),
  );

  it(
    '[TRU-002] cannot change how the system runs programs',
    whereApart(async () => {
      const before = await readFile('/proc/sys/kernel/core_pattern', 'utf8');
      await plane.run(
        sh('echo "|/bin/evil" > /proc/sys/kernel/core_pattern; echo x > /sys/kernel/uevent_helper; exit 0'),
      );
      expect(await readFile('/proc/sys/kernel/core_pattern', 'utf8')).toBe(before);
    }),
  );

  it(
    '[TRU-002] reaches no service by a socket in the file system, and those of the network',
    whereApart(async () => {
      const path = join(root, 'service.sock');
      const server = createServer((socket) => socket.end(secret)).listen(path);
      const tcp = createServer((socket) => socket.end('over tcp')).listen(0, '127.0.0.1');
      await Promise.all(
        [server, tcp].map(async (one) => (one.listening ? undefined : once(one, 'listening'))),
      );
      const address = tcp.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const read = (to: string) =>
        js(
          `require('net').connect(${to}).on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))`,
        );
      try {
        expect(JSON.stringify(await plane.run(read(JSON.stringify(path))))).not.toContain(secret);
        expect((await plane.run(read(`${port}, '127.0.0.1'`))).output_excerpt).toContain('over tcp');
      } finally {
        server.close();
        tcp.close();
      }
    }),
  );

  const daemon = `for i in 1 2; do setsid env -i /bin/sh -c '(trap "" TERM HUP; while :; do /bin/sleep 1; done) &' </dev/null >/dev/null 2>&1 & done; sleep 0.1`;
  it.each([
    ['ends well', `${daemon}; exit 0`, 'passed'],
    ['fails', `${daemon}; exit 3`, 'failed'],
  ])(
    '[TRU-002] leaves nothing running that made its own session without our environment, when it %s',
    (_how, script, status) =>
      whereApart(async () => {
        expect((await plane.run(sh(script))).status).toBe(status);
        await eventually(async () => (await processesIn(project)).length === 0);
      })(),
  );

  it(
    '[TRU-002] leaves nothing running when its time is over',
    whereApart(async () => {
      const result = await plane.run({ ...sh(`${daemon}; echo begun; sleep 600`), timeout_seconds: 2 });
      expect(result).toMatchObject({
        timed_out: true,
        output_excerpt: expect.stringMatching(/^begun\n/) as string,
      });
      await eventually(async () => (await processesIn(project)).length === 0);
    }),
  );
});
