import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { attacks, textsOf } from '@actp/testing/lock-files/attacks';
import { npmLock } from '@actp/testing/lock-files/npm-lock';
import { startNpmRegistry } from '@actp/testing/npm-registry/server';
import { openStores } from '@actp/testing/stores';
import { startCli } from './cli-process.fixture.ts';
import { json, openGateway, operatorToken, secret, type TestGateway } from './gateway-process.fixture.ts';

const policy = join(import.meta.dirname, '../../examples/policies/dependency-gate.yaml');
const Approvals = z.object({
  approvals: z.array(
    z.looseObject({
      id: z.string(),
      action: z.string(),
      action_digest: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
});

let folder: string;
let gateway: TestGateway;
let token: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-gate-'));
  atEnd(() => rm(folder, { recursive: true }));
  gateway = await openGateway(await openStores(), { settings: { POLICY_FILE: policy } });
  token = await operatorToken(gateway);
});

const startGate = (words: readonly string[], env: Record<string, string> = {}, cwd = folder) =>
  startCli(['review', '--gate', ...words], {
    env: { HOME: folder, ACTP_URL: gateway.url, WORKER_SECRET: secret, ...env },
    cwd,
  });
const runGate = (...given: Parameters<typeof startGate>) => startGate(...given).ended;

/** Two lock files in a folder of their own, and the words that name them. */
async function written(before: string, after: string): Promise<string[]> {
  const place = await mkdtemp(join(folder, 'pair-'));
  await Promise.all(['before', 'after'].map((name) => mkdir(join(place, name))));
  const paths = ['before', 'after'].map((name) => join(place, name, 'package-lock.json'));
  await Promise.all([before, after].map((text, at) => writeFile(paths[at] ?? '', text)));
  return ['--before', paths[0] ?? '', '--after', paths[1] ?? ''];
}

async function pending() {
  const answer = await gateway.fetch('/v1/approvals?status=pending', {
    headers: { authorization: `Bearer ${token}` },
  });
  return Approvals.parse(await answer.json()).approvals;
}

async function decide(decision: 'approved' | 'rejected') {
  const approval = await eventually(async () => (await pending())[0]);
  const body = json(
    { decision, action_digest: approval.action_digest },
    { authorization: `Bearer ${token}` },
  );
  expect((await gateway.fetch(`/v1/approvals/${approval.id}/decision`, body)).status).toBe(200);
  return approval;
}

const old = npmLock({ 'quiet-name': { version: '1.0.0' } });
const withNew = npmLock({ 'quiet-name': { version: '1.0.0' }, 'new-name': { version: '2.0.0' } });

describe('npm run review -- --gate, with the example policy', () => {
  it.each(attacks.map((attack) => [attack.name, attack] as const))(
    '[SEC-017] [NEXT-004] holds %s',
    async (_, attack) => {
      const { before, after } = textsOf(attack);
      const cli = startGate([...(await written(before, after)), '--offline']);
      // What is not denied asks a person, who says no.
      let held = false;
      const rejected = eventually(async () => held || ((await pending()).length > 0 && decide('rejected')));
      const { code, out } = await cli.ended;
      held = true;
      await rejected;
      expect(code).toBe(1);
      expect(out).toMatch(/REFUSED: (?:the policy denies it|a person said no)/);
    },
  );

  it('[SEC-017] asks a person with what was found, goes on after the yes, and is not asked again about the same change', async () => {
    const words = [...(await written(old, withNew)), '--offline'];
    const cli = startGate(words);
    const approval = await decide('approved');
    expect(approval).toMatchObject({
      action: 'dependency.add',
      details: {
        lock_file: 'package-lock.json',
        count: 1,
        scripts: 0,
        packages: [{ name: 'new-name', version: '2.0.0', script: false }],
      },
    });
    const { code, out } = await cli.ended;
    expect([code, out]).toEqual([0, expect.stringContaining('APPROVED: approved by operator:')]);

    const again = await runGate(words);
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('APPROVED: approved before')]);
  });

  it('says no when a person does, again at the next run, and asks anew only when told to', async () => {
    const more = npmLock({ 'quiet-name': { version: '1.0.0' }, 'other-name': { version: '1.0.0' } });
    const words = [...(await written(old, more)), '--offline'];
    const cli = startGate(words);
    await decide('rejected');
    expect(await cli.ended).toMatchObject({ code: 1 });
    const again = await runGate(words);
    expect([again.code, again.out]).toEqual([1, expect.stringContaining('--ask-again asks anew')]);

    const anew = startGate([...words, '--ask-again']);
    await decide('approved');
    expect(await anew.ended).toMatchObject({ code: 0 });
  });

  it('waits on for the same approval when it was ended while it waited', async () => {
    const more = npmLock({ 'quiet-name': { version: '1.0.0' }, 'slow-name': { version: '1.0.0' } });
    const words = [...(await written(old, more)), '--offline'];
    const asked = startGate(words);
    await asked.wrote('waiting for a decision');
    const [first] = await pending();
    asked.kill('SIGTERM');
    await asked.ended;

    const later = startGate(words);
    expect((await decide('approved')).id).toBe(first?.id);
    expect(await later.ended).toMatchObject({ code: 0 });
  });

  it('lets an old and quiet update through by itself, in a git repository, with what the registry says', async () => {
    const registry = await startNpmRegistry();
    atEnd(() => registry.close());
    registry.published.set('quiet-name', {
      '1.0.0': { time: '2020-01-01T00:00:00Z' },
      '1.0.1': { time: '2021-01-01T00:00:00Z' },
    });
    const repository = await mkdtemp(join(folder, 'git-'));
    const git = (...words: string[]) =>
      promisify(execFile)('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
        cwd: repository,
      });
    await git('init', '--quiet');
    await writeFile(join(repository, '.npmrc'), `registry=${registry.url}\n`);
    await writeFile(join(repository, 'package-lock.json'), old);
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'one');
    const here = (words: readonly string[]) => runGate(words, {}, repository);
    expect(await here([])).toMatchObject({ code: 0, out: 'No dependency is new or changed.\n' });

    await writeFile(join(repository, 'package-lock.json'), npmLock({ 'quiet-name': { version: '1.0.1' } }));
    const { code, out } = await here([]);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('dependency.update of 1: ALLOWED: allowed by the policy'),
    ]);

    await git('commit', '--quiet', '--all', '--message', 'two');
    expect(await here([])).toMatchObject({ code: 0, out: 'No dependency is new or changed.\n' });
    expect(await here(['--base', 'HEAD~1'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('ALLOWED'),
    });

    await rm(join(repository, 'package-lock.json'));
    const gone = await here([]);
    expect([gone.code, gone.problem]).toEqual([2, expect.stringContaining('package-lock.json is gone')]);
  });
});

describe('what cannot be compared or asked is no yes', () => {
  it.concurrent.each([
    [
      'a plane that is away',
      async () => ({ words: await written(old, withNew), env: { ACTP_URL: 'http://127.0.0.1:9' } }),
    ],
    [
      'a wrong secret',
      async () => ({ words: await written(old, withNew), env: { WORKER_SECRET: 'wrong-'.repeat(8) } }),
    ],
    [
      'a lock file that is none',
      async () => ({ words: await written(old, '{"lockfileVersion": 3, "packages"') }),
    ],
  ] as const)('%s', async (_, prepared) => {
    const given: { words: readonly string[]; env?: Record<string, string> } = await prepared();
    const { code, out, problem } = await runGate([...given.words, '--offline'], given.env);
    expect(code).toBe(2);
    expect(out).not.toMatch(/ALLOWED|APPROVED/);
    expect((out + problem).trim()).not.toBe('');
    expect(out + problem).not.toMatch(/\n\s+at /);
  });
});
