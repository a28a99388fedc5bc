import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { openPlaneOfFile, secret, sh } from './sandbox.fixture.ts';

const { plane, isolation, whereApart } = await openPlaneOfFile();
const { root, project } = plane;

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
