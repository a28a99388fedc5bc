import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, copyFile, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { js, openPlane, processesIn, secret, sh } from './sandbox.fixture.ts';

const plane = await openPlane();
const { root, project, runDir } = plane;
const isolation = await plane.sandboxes.isolation();
afterAll(() => plane.close());
afterEach(async () => {
  for (const name of await readdir(project)) await rm(join(project, name), { recursive: true, force: true });
});

/** What holds where suites can be kept apart; elsewhere every result says that they were not. */
function whereApart(holds: () => Promise<void>): () => Promise<void> {
  if (isolation !== null) return holds;
  return async () => {
    expect(await plane.run(sh('true'))).toMatchObject({ status: 'passed', sandbox: 'unavailable' });
  };
}

const env = join(root, '.env');
const keys = join(root, '.actp', 'keys.json');
const pid = plane.bystander.pid ?? 0;
const nested = 'unshare --user --map-root-user --mount';

// Each finds the secret, or the file that holds it, when nothing keeps it apart.
const reads: Array<[string, object]> = [
  [
    'the environment of other processes',
    sh("cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep WORKER_SECRET"),
  ],
  ['the environment of the runner', sh(`cat /proc/${process.pid}/environ; cat /proc/${pid}/environ`)],
  ['.env', sh(`cat ${env}`)],
  ['.env by a link of its own', sh(`ln -s ${env} link; cat link`)],
  ['the data folder', sh(`cat ${keys}; grep -r . ${root}/.actp`)],
  ['.env by the root of another process', sh(`cat /proc/${pid}/root${env}; cat /proc/1/root${env}`)],
  ['.env by its own working directory', sh(`cd ..; cat plane/.env; cat /proc/self/cwd/plane/.env`)],
];

// Each works against a mount that stands in the way.
const tricks: Array<[string, string]> = [
  ['unmounting', `umount ${env}; umount -l ${root}; umount -l ${root}/.actp; cat ${env} ${keys}`],
  [
    'unmounting in namespaces of its own',
    `${nested} sh -c 'umount ${env}; umount -l ${root}; cat ${env} ${keys}'`,
  ],
  ['showing the disk elsewhere', `mkdir m; ${nested} sh -c 'mount --bind / m; cat m${env} m${keys}'`],
  [
    'a layer over the disk',
    `mkdir m; ${nested} sh -c 'mount -t overlay -o lowerdir=${root} x m || mount -t overlay -o lowerdir=${root}:/etc x m; cat m/.env'`,
  ],
  ['the namespaces of the first process', `nsenter --target 1 --mount --user cat ${env} ${keys}`],
  [
    'another view of the processes',
    `${nested} --pid --fork sh -c 'mount -t proc proc /proc; cat /proc/[0-9]*/environ'`,
  ],
  ['moving what hides it', `mv ${env} ${root}/shown; rm -f ${env}; cat ${root}/shown ${env}`],
  ['moving the folder around it', `mv ${root} ${project}/moved; cat ${project}/moved/.env`],
  ['a hard link', `ln ${env} copy; cat copy`],
  ['the memory of another process', `head -c 100 /proc/${pid}/mem; cat /proc/${pid}/maps`],
  ['open files of the first process', 'ls -l /proc/1/fd /proc/1/root/ && cat /proc/1/environ'],
];

describe('a suite that looks for the keys of the plane', () => {
  it.each(reads)('[TRU-002] in %s finds them without a sandbox', async (_where, suite) => {
    const result = await plane.run({ ...suite, sandbox: 'off' });
    expect(result.sandbox).toBe('off');
    expect(result.output_excerpt + JSON.stringify(result.failures)).toContain(secret);
  });

  const own = reads.filter(([where]) => !where.includes('working directory'));
  it.each(reads)('[TRU-002] in %s finds nothing', (_where, suite) =>
    whereApart(async () => {
      const result = await plane.run(suite);
      expect(result.sandbox).toBe(isolation?.kind);
      expect(JSON.stringify(result)).not.toContain(secret);
    })(),
  );

  it.each(own)('[TRU-002] in %s finds nothing from within the checkout of the plane', (_where, suite) =>
    whereApart(async () => {
      expect(JSON.stringify(await plane.run(suite, 'own'))).not.toContain(secret);
    })(),
  );

  it.each(tricks)('[TRU-002] by %s finds nothing', (_by, script) =>
    whereApart(async () => {
      expect(JSON.stringify(await plane.run(sh(script)))).not.toContain(secret);
      expect(JSON.stringify(await plane.run(sh(script), 'own'))).not.toContain(secret);
      expect(await readFile(env, 'utf8')).toContain(secret);
    })(),
  );

  it('[TRU-002] gets out by no system call, nor with every right in namespaces of its own', async ({
    skip,
  }) => {
    const script = join(import.meta.dirname, 'fixtures', 'escape.py');
    await copyFile(script, join(project, 'escape.py'));
    const result = await plane.run({ command: ['python3', 'escape.py', root, String(pid)] });
    if (isolation === null) return void expect(result.sandbox).toBe('unavailable');
    if (result.failures[0]?.message.startsWith('command not found') === true)
      skip('python3 is not installed');
    expect(result.output_excerpt).toBe('DONE\n');
  });

  it(
    '[TRU-002] finds no file open that we were started with',
    whereApart(async () => {
      const runner = `
        import { openSync } from 'node:fs';
        import { runCommand } from ${JSON.stringify(join(import.meta.dirname, '../command/run-command.ts'))};
        const result = await runCommand({ argv: ['sh', '-c', 'cat /proc/self/fd/*/.env'], cwd: '/', env: process.env,
          timeoutMs: 60000 });
        console.log(result.output);`;
      const output = execFileSync(
        '/bin/sh',
        [
          '-c',
          'exec 7<"$1" 9<"$1"; shift; exec "$@"',
          'sh',
          root,
          process.execPath,
          '--input-type=module',
          '-e',
          runner,
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      expect(output).not.toContain(secret);
    }),
  );

  it(
    '[TRU-002] sees the account that it runs as, no disk, no file of others in /tmp, no key folder',
    whereApart(async () => {
      const mark = join(process.env['TMPDIR'] ?? '/tmp', `mark-${process.pid}`);
      await writeFile(mark, secret);
      const result = await plane.run(
        sh(`id -u; ls /dev; ls -A ~/.ssh /run 2>&1; cat ${mark}; touch /tmp/mine`),
      );
      await rm(mark);
      const [uid, ...rest] = result.output_excerpt.split('\n');
      expect(Number(uid)).toBe(process.getuid?.());
      const devices = [
        'full',
        'null',
        'ptmx',
        'pts',
        'random',
        'shm',
        'tty',
        'urandom',
        'zero',
        'console',
        'core',
      ];
      const links = ['fd', 'stdin', 'stdout', 'stderr', 'mqueue'];
      const shown = rest.slice(
        0,
        rest.findIndex((line) => line.includes(':') || line === ''),
      );
      expect(shown.filter((name) => ![...devices, ...links].includes(name) && !name.includes('/'))).toEqual(
        [],
      );
      expect(result.output_excerpt).not.toContain(secret);
      expect(existsSync('/tmp/mine')).toBe(false);
    }),
  );
});

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

  it('[TRU-002] finds the tools of the operator, and may write what they keep in the home folder', async () => {
    const result = await plane.run(
      sh('node=$1; "$0" -p 6*7; [ ! -w "$HOME" ] || { mkdir -p "$HOME/.cache/a" && echo kept; }'),
    );
    expect(result.status).toBe('passed');
    expect((await plane.run({ command: [process.execPath, '-p', '6*7'] })).output_excerpt).toBe('42\n');
    expect(existsSync(join(homedir(), '.cache', 'a'))).toBe(false);
  });

  it('[TRU-002] leaves nothing of its own beside the directory of the run', async () => {
    await plane.run(sh('touch /tmp/x "$HOME/x"; exit 0'));
    const left = await readdir(`${runDir}-sandbox`).catch(() => []);
    expect(left).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)(
    '[TRU-002] runs as the owner of the checkout when the plane is root and he is not',
    whereApart(async () => {
      await chown(project, 65_534, 65_534);
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
