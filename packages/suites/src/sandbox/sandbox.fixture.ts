import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, expect } from 'vitest';
import { configuredFolders } from '../config/configured-folders.ts';
import { parseSelftestConfig } from '../config/read-selftest-config.ts';
import { runSuite, type SuiteResult } from '../suite/run-suite.ts';
import type { possibleIsolations } from './possible-isolations.ts';
import { createSandboxes, type Sandboxes } from './sandboxes.ts';

/** Stands in every place of the plane that a suite may not see. */
export const secret = 'hidden-0f9d3c71-value';

export interface Plane {
  /** The plane's repository root, with `.env`, a data folder and a configuration. */
  root: string;
  /** Another project, beside it. */
  project: string;
  runDir: string;
  sandboxes: Sandboxes;
  /** A process of the plane, which knows the secret. */
  bystander: ChildProcess;
  run(suite: object, where?: 'own' | 'project'): Promise<SuiteResult>;
  /** Runs all suites of one configuration, one after the other. */
  runAll(suites: readonly object[], services?: readonly object[]): Promise<SuiteResult[]>;
  close(): Promise<void>;
}

/** A plane as far as suites could see it, in a folder that other accounts can pass through. */
export async function openPlane(ways?: typeof possibleIsolations, parent = tmpdir()): Promise<Plane> {
  const base = await realpath(await mkdtemp(join(parent, 'sandbox-')));
  await chmod(base, 0o755);
  const root = join(base, 'plane');
  const project = join(base, 'project');
  const data = join(root, '.actp');
  const runDir = join(data, 'selftest', 'run');
  for (const path of [project, runDir, join(root, 'config'), join(root, 'packages')]) {
    await mkdir(path, { recursive: true });
  }
  for (const path of [join(root, '.env'), join(data, 'keys.json')]) {
    await writeFile(path, `WORKER_SECRET=${secret}\n`, { mode: 0o600 });
  }
  await writeFile(join(root, 'config', 'policy.yaml'), 'version: 1\n');
  await writeFile(join(root, 'packages', 'app.ts'), 'run();\n');
  const bystander = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => 0, 1000)'], {
    env: { WORKER_SECRET: secret },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (bystander.stdout) await once(bystander.stdout, 'data');
  const env = { ...process.env, WORKER_SECRET: secret };
  const places = { rootDir: root, dataDir: data, configFiles: [join(root, 'config', 'policy.yaml')] };
  let folders: string[] = [];
  const sandboxes = createSandboxes(
    { ...places, env, configuredFolders: () => Promise.resolve(folders) },
    ways,
  );
  async function runAll(suites: readonly object[], services: readonly object[] = []): Promise<SuiteResult[]> {
    const parsed = parseSelftestConfig(JSON.stringify({ suites, services }));
    if (!parsed.ok) throw new Error('the suites of this test are wrong');
    folders = configuredFolders(parsed.config, root);
    const results: SuiteResult[] = [];
    for (const config of parsed.config.suites) {
      const run = { runDir, signal: new AbortController().signal };
      results.push(await runSuite({ rootDir: root, env, sandboxes }, config, run));
    }
    return results;
  }
  return {
    root,
    project,
    runDir,
    sandboxes,
    bystander,
    runAll,
    async run(suite, where = 'project') {
      const cwd = where === 'own' ? root : project;
      const [result] = await runAll([{ name: 'demo', cwd, timeout_seconds: 120, ...suite }]);
      if (result === undefined) throw new Error('no suite has run');
      return result;
    },
    async close() {
      bystander.kill('SIGKILL');
      await rm(base, { recursive: true, force: true });
    },
  };
}

export const sh = (script: string) => ({ command: ['sh', '-c', script] });
export const js = (script: string) => ({ command: [process.execPath, '-e', script] });

/** Processes that have this folder as theirs, whatever number they know themselves by. */
export async function processesIn(folder: string): Promise<string[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) =>
      (await readlink(`/proc/${name}/cwd`).catch(() => '')) === folder ? [name] : [],
    ),
  );
  return found.flat();
}

/** Makes a folder another account's; false where we are root of nothing but our own files, as in some containers. */
export async function givenTo(folder: string, uid: number): Promise<boolean> {
  return chown(folder, uid, uid).then(
    () => true,
    () => false,
  );
}

/** The plane of one test file, cleared of what its suites leave. */
export async function openPlaneOfFile() {
  const plane = await openPlane();
  const isolation = await plane.sandboxes.isolation();
  afterAll(() => plane.close());
  afterEach(async () => {
    for (const name of await readdir(plane.project)) {
      await rm(join(plane.project, name), { recursive: true, force: true });
    }
  });
  return {
    plane,
    isolation,
    /** What holds where suites can be kept apart; elsewhere every result says that they were not. */
    whereApart(holds: () => Promise<void>): () => Promise<void> {
      if (isolation !== null) return holds;
      return async () => {
        expect(await plane.run(sh('true'))).toMatchObject({ status: 'passed', sandbox: 'unavailable' });
      };
    },
  };
}
