import { lstatSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../command/run-command.ts';
import { possibleIsolations } from './possible-isolations.ts';
import { createSandboxes } from './sandboxes.ts';
import { openPlane, secret, sh, type Plane } from './sandbox.fixture.ts';

const plane: Plane = await openPlane();
const { root, project, runDir } = plane;
const base = join(root, '..');
const isolation = await plane.sandboxes.isolation();
afterAll(() => plane.close());

const program = 'the program of the plane\n';
beforeEach(async () => {
  for (const folder of [project, runDir]) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
  }
  for (const name of ['trials', 'notes', 'trials.real', 'notes.real', 'moved']) {
    await rm(join(root, name), { recursive: true, force: true });
  }
  for (const folder of ['scripts', '.git/hooks', 'trials/src', 'notes', 'docs']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await writeFile(join(root, 'scripts', 'start.mjs'), program);
});

const suite = (name: string, cwd: string, script: string) => ({
  name,
  cwd,
  timeout_seconds: 120,
  ...sh(script),
});
const write = 'echo evil >> start.mjs; echo evil > left-by-suite; exit 0';
const messageOf = (result: { failures: Array<{ message: string }> } | undefined) =>
  result?.failures[0]?.message ?? '';

/** The plane's own folder is as it was. */
async function expectUntouched(): Promise<void> {
  expect(await readdir(join(root, 'scripts'))).toEqual(['start.mjs']);
  expect(await readFile(join(root, 'scripts', 'start.mjs'), 'utf8')).toBe(program);
  expect(await readdir(join(root, '.git', 'hooks'))).toEqual([]);
}

describe('a suite whose directory has been replaced by a link', () => {
  it('[TRU-002] does not write in the programs of the plane by a link that its own earlier run left', async () => {
    await plane.runAll([
      suite(
        'trials',
        'trials/src',
        'cd ../.. && mv trials trials.real; mkdir trials; ln -s ../scripts trials/src',
      ),
    ]);
    // Whether it could do that or not.
    await rm(join(root, 'trials'), { recursive: true, force: true });
    await mkdir(join(root, 'trials'));
    await symlink('../scripts', join(root, 'trials', 'src'));
    const [result] = await plane.runAll([suite('trials', 'trials/src', write)]);
    expect(messageOf(result)).toMatch(/^its directory .*trials\/src.* is a symbolic link, and stands in /);
    expect(result).toMatchObject({ name: 'trials', status: 'failed', failures: [{ test: 'trials' }] });
    await expectUntouched();
  });

  it('[TRU-002] does not write a manifest that an install would run', async () => {
    const manifests = ['examples/made', 'bench', 'e2e'];
    for (const folder of ['examples', 'bench', 'e2e']) await mkdir(join(root, folder), { recursive: true });
    const [result] = await plane.runAll([
      suite(
        'own',
        '.',
        manifests.map((folder) => `mkdir -p ${folder}; echo '{}' > ${folder}/package.json`).join('; ') +
          '; exit 0',
      ),
    ]);
    expect(result?.status).toBe('passed');
    for (const folder of manifests) {
      expect(await readFile(join(root, folder, 'package.json'), 'utf8').catch(() => 'none')).toBe('none');
    }
    for (const folder of ['examples', 'bench', 'e2e']) await rm(join(root, folder), { recursive: true });
  });

  it('[TRU-002] does not write there by links that another suite of the same checkout has left', async () => {
    const swap =
      'mv trials trials.real && ln -s scripts trials; mv notes notes.real && ln -s .git/hooks notes; exit 0';
    const results = await plane.runAll([
      suite('own', '.', swap),
      suite('trials', 'trials', write),
      suite('notes', 'notes', write),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['passed', 'failed', 'failed']);
    await expectUntouched();
  });

  it('[TRU-002] does not get a folder of the system by a link in the directory of another suite', async () => {
    await mkdir(join(project, 'b'));
    const etc = join(base, 'etc');
    await mkdir(etc, { recursive: true });
    for (const target of [etc, '../etc', '/etc']) {
      const swap = `rm -rf b; ln -s ${target} b`;
      const results = await plane.runAll([
        suite('a', project, swap),
        suite('b', join(project, 'b'), 'echo evil > left-by-suite'),
      ]);
      expect(results[0]?.status).toBe('passed');
      expect(messageOf(results[1])).toContain(
        `${join(project, 'b')} is a symbolic link, and stands in ${project}`,
      );
      expect(await readdir(etc)).toEqual([]);
    }
    expect(await readdir('/etc')).not.toContain('left-by-suite');
  });

  it('[TRU-002] nor by a link to which a link of the operator leads, or a folder of its report', async () => {
    await mkdir(join(project, 'b'));
    await mkdir(join(base, 'other'), { recursive: true });
    const elsewhere = join(base, 'elsewhere');
    await mkdir(elsewhere, { recursive: true });
    const operators = join(base, 'operators');
    await rm(operators, { force: true });
    await symlink(join(project, 'b', '..', 'b'), operators);
    const swap = `rm -rf b; ln -s ${elsewhere} b; ln -s ${elsewhere} {run_dir}/reports`;
    const into = (junit: string) => ({
      ...suite('report', join(base, 'other'), `touch ${elsewhere}/made`),
      junit,
    });
    const results = await plane.runAll([
      suite('a', project, swap),
      suite('b', operators, 'touch made'),
      { ...into(join(project, 'b', 'report.xml')), name: 'c' },
      { ...into('{run_dir}/reports/report.xml'), name: 'd' },
    ]);
    for (const result of results.slice(1))
      expect(messageOf(result)).toContain('is a symbolic link, and stands in');
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it('[TRU-002] nor by one that stands where a service may write', async () => {
    await symlink(join(root, 'docs'), join(project, 'b'));
    const service = { name: 's', url: 'http://127.0.0.1:9/', start: ['true'], cwd: project };
    const results = await plane.runAll([suite('b', join(project, 'b'), 'touch made')], [service]);
    expect(messageOf(results[0])).toContain('is a symbolic link, and stands in');
  });

  it('[TRU-002] runs where links of the operator lead, unless that is the plane or the system', async () => {
    const operators = join(base, 'link');
    const to = async (target: string) => {
      await rm(operators, { force: true });
      await symlink(target, operators);
      return (await plane.runAll([suite('linked', operators, 'echo x > made')]))[0];
    };
    expect(await to(project)).toMatchObject({ status: 'passed' });
    expect(await readdir(project)).toEqual(['made']);
    for (const target of [join(root, 'scripts'), join(root, 'docs'), root]) {
      expect(messageOf(await to(target))).toContain("leads by a symbolic link into the plane's own folder");
    }
    for (const target of ['/', '/etc', '/usr', '/var', homedir()]) {
      expect(messageOf(await to(target))).toContain('is not for suites');
    }
    await expectUntouched();
  });
});

describe('a suite whose directory is replaced while its sandbox is made', () => {
  it.each([
    ['and stays a link', ':'],
    ['and is put back', 'rm inner && mv inner.real inner'],
  ])('[TRU-002] does not run, %s', async (_how, after) => {
    const elsewhere = join(base, 'beside');
    await mkdir(elsewhere, { recursive: true });
    await mkdir(join(project, 'inner'));
    // In the place of a service that does this all the time, so that it always comes at the wrong moment.
    const tools = join(base, 'tools');
    await mkdir(tools, { recursive: true });
    const swapping = join(tools, 'swapping-mount');
    // The last step of a sandbox for root mounts too, and finds this folder by the PATH.
    const env = { PATH: `${tools}:${process.env['PATH'] ?? ''}` };
    const ways: typeof possibleIsolations = async (found, account) => {
      const { mount = 'mount' } = found;
      const swap = 'mv inner inner.real && ln -s ../beside inner';
      const script = `#!/bin/sh
        case "$*" in "-o rbind ${project}/inner "*) cd ${project}; ${swap}; ${mount} "$@"; code=$?; ${after}; exit $code;; esac
        exec ${mount} "$@"`;
      await writeFile(swapping, script, { mode: 0o755 });
      const all = await possibleIsolations({ ...found, mount: swapping }, account);
      return all.filter(({ kind }) => kind === 'namespaces');
    };
    const sandboxes = createSandboxes({ ...plane.sandboxes.plane, env: { ...process.env, ...env } }, ways);
    const cwd = join(project, 'inner');
    const sandbox = await sandboxes.enter({ wanted: 'on', cwd, runDir, env });
    const script = 'echo x > made; echo x > ../../beside/made; exit 0';
    const argv = ['sh', '-c', script];
    const result = await runCommand({ argv, cwd, env: { ...sandbox.env }, timeoutMs: 120_000, sandbox });
    await sandbox.leave();
    if (sandbox.used === 'unavailable') return void expect(result.end).toBe('exited');
    expect(result.problem).toContain(`${cwd} was replaced while the sandbox was made`);
    expect(await readdir(elsewhere)).toEqual([]);
  });
});

describe('a suite whose directory holds the plane', () => {
  it('[TRU-002] neither sees its keys nor changes its folder, nor moves the folders around it', async () => {
    if (isolation === null) {
      expect(await plane.run(sh('true'))).toMatchObject({ sandbox: 'unavailable' });
      return;
    }
    const top = await realpath(join(base, '..'));
    const name = base.slice(top.length + 1);
    // Not the folder of all temporary files: one that holds the plane two levels below.
    const outer = join(top, `${name}-outer`);
    await mkdir(outer);
    const inner = await openPlane(undefined, outer);
    try {
      const at = join(inner.root, '..');
      await mkdir(join(inner.root, '.git', 'hooks'), { recursive: true });
      const files = `${inner.root}/.env ${inner.root}/.actp/keys.json`;
      const script = `cat ${files}; for f in made packages/made config/policy.yaml .git/hooks/made docs; do echo evil > ${inner.root}/$f; done
        mv ${inner.root} ${at}/moved; mv ${at} ${outer}/moved; echo x > ${outer}/made; exit 0`;
      for (const cwd of ['..', '../..', outer]) {
        const [result] = await inner.runAll([suite('outer', cwd, script)]);
        expect(result).toMatchObject({ status: 'passed', sandbox: isolation.kind });
        expect(JSON.stringify(result)).not.toContain(secret);
        expect(lstatSync(inner.root).isDirectory()).toBe(true);
        expect((await readdir(inner.root)).toSorted()).toEqual([
          '.actp',
          '.env',
          '.git',
          'config',
          'packages',
        ]);
        expect(await readFile(join(inner.root, 'config', 'policy.yaml'), 'utf8')).toBe('version: 1\n');
        expect(await readdir(join(inner.root, 'packages'))).toEqual(['app.ts']);
        expect(await readdir(join(inner.root, '.git', 'hooks'))).toEqual([]);
      }
      expect(await readdir(outer)).toContain('made');
    } finally {
      await inner.close();
      await rm(outer, { recursive: true, force: true });
    }
  });

  it('[TRU-002] cannot move the folder away in which the next run of a suite is to write', async () => {
    const [result] = await plane.runAll([suite('deep', 'trials/src', 'cd ../.. && mv trials moved; exit 0')]);
    if (isolation === null) return void expect(result?.sandbox).toBe('unavailable');
    expect(await readdir(join(root, 'trials'))).toEqual(['src']);
  });
});
