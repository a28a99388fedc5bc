import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { npmLock } from '@actp/testing/lock-files/npm-lock';
import type { Cli } from '../../command.ts';
import { createRunningPlane } from '../../running-plane.ts';
import { gate, type GateOptions } from './gate.ts';

const root = resolve(import.meta.dirname, '../../../../..');
const folder = await mkdtemp(join(tmpdir(), 'actp-gate-files-'));
afterAll(() => rm(folder, { recursive: true }));

/** The gate as a command calls it, with nothing that answers at the address of the plane. */
function run(options: Partial<GateOptions>, env: Record<string, string> = {}) {
  const environment = {
    ACTP_ENV_FILE: join(folder, 'no.env'),
    ACTP_URL: 'http://127.0.0.1:9',
    WORKER_SECRET: 'a-secret-of-the-tests-0123456789-abc',
    ...env,
  };
  // What the gate uses of it.
  const cli = { root, environment, plane: createRunningPlane(root, environment), err: { write: () => true } };
  const given = {
    before: undefined,
    after: undefined,
    base: undefined,
    waitSeconds: 600,
    offline: true,
    again: false,
  };
  return gate(cli as unknown as Cli, { ...given, ...options });
}

let pairs = 0;
async function written(before: string, after: string, name = 'package-lock.json') {
  const place = join(folder, String((pairs += 1)));
  await Promise.all(['before', 'after'].map((one) => mkdir(join(place, one), { recursive: true })));
  const paths = { before: join(place, 'before', name), after: join(place, 'after', name) };
  await Promise.all([writeFile(paths.before, before), writeFile(paths.after, after)]);
  return paths;
}

const old = npmLock({ 'quiet-name': { version: '1.0.0' } });
const withNew = npmLock({ 'quiet-name': { version: '1.0.0' }, 'new-name': { version: '2.0.0' } });

describe('the gate', () => {
  it('asks nobody when nothing is new, so that no plane is needed', async () => {
    expect(await run(await written(withNew, old), { WORKER_SECRET: '' })).toEqual([]);
  });

  it('[SEC-017] has failed, and asks no further, when the plane does not answer', async () => {
    const both = npmLock({ 'quiet-name': { version: '1.0.1' }, 'new-name': { version: '2.0.0' } });
    const reports = await run(await written(old, both));
    expect(reports.map(({ action, answer }) => [action, answer.state])).toEqual([
      ['dependency.add', 'failed'],
    ]);
  });

  it.each([
    ['before-package-lock.json', old, withNew],
    ['lock.json', old, withNew],
  ])('knows a lock file by its name or its content: %s', async (name, before, after) => {
    await expect(run(await written(before, after, name), { WORKER_SECRET: '' })).rejects.toThrow(
      'WORKER_SECRET is not set',
    );
  });

  it.each([
    [
      'broken JSON',
      () => written(old, '{"lockfileVersion": 3, "packages"'),
      /package-lock\.json \(now\) is not valid JSON/,
    ],
    [
      'what was no lock file',
      () => written('nonsense', withNew),
      /package-lock\.json \(before\) is not valid JSON/,
    ],
    [
      'a name that nobody knows',
      () => written('a', 'b', 'notes.txt'),
      /notes\.txt \(before\) is no lock file/,
    ],
    [
      'a file that is not there',
      () => ({ before: '/nowhere/a', after: '/nowhere/b' }),
      /Cannot read \/nowhere\/[ab]/,
    ],
    ['one file alone', async () => ({ after: (await written(old, withNew)).after }), /belong together/],
    [
      'files and a commit',
      async () => ({ ...(await written(old, withNew)), base: 'HEAD' }),
      /take no --base/,
    ],
    ['a commit that is none', () => ({ base: 'no-such-commit' }), /^git merge-base: /],
    ['a commit that would be an option', () => ({ base: '--output=x' }), /^git merge-base: |--base/],
  ] as const)('[SEC-017] compares nothing with %s, and says so', async (_, given, message) => {
    await expect(run(await given())).rejects.toThrow(message);
  });
});
