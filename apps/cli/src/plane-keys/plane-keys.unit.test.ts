import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { collectKeys } from './collect.ts';
import { putBackKeys } from './put-back.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-plane-keys-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
const root = join(folder, 'home');
const dataDir = join(root, 'data');
const envFile = join(root, '.env');
beforeEach(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(join(root, 'config'), { recursive: true });
});

describe('what a backup has beside the database', () => {
  const collected = (environment: Record<string, string>) =>
    collectKeys({ root, dataDir, environment, fileNames: ['MINE'] });

  it('is files of the plane, and none from elsewhere that a setting names', async () => {
    await writeFile(join(folder, 'elsewhere.yaml'), 'of somebody else');
    await writeFile(join(root, 'config/policy.yaml'), 'version: 1');
    for (const POLICY_FILE of ['../elsewhere.yaml', join(folder, 'elsewhere.yaml')]) {
      expect((await collected({ POLICY_FILE })).files).toEqual([]);
    }
    expect((await collected({})).files).toEqual([
      { root: 'repository', path: 'config/policy.yaml', content: 'version: 1' },
    ]);
  });

  it('is settings of the plane and of its file, and neither where its stores are nor what the backup is locked with', async () => {
    const given = {
      MINE: 'a',
      AUDIT_SIGNING_KEY: 'b',
      BACKUP_PASSPHRASE: 'c',
      REDIS_URL: 'd',
      DATABASE_URL: 'e',
      SUPABASE_SERVICE_ROLE_KEY: 'f',
      ACTP_ANCHOR_FILE: 'g',
      SOMETHING_OF_THE_MACHINE: 'h',
    };
    expect((await collected(given)).settings).toEqual({ MINE: 'a', AUDIT_SIGNING_KEY: 'b' });
  });
});

describe('putting it back', () => {
  const putBack = (path: string, where: 'data' | 'repository' = 'repository') =>
    putBackKeys({
      keys: { settings: {}, files: [{ root: where, path, content: 'of the backup' }] },
      root,
      dataDir,
      envFile,
      replace: false,
    });

  it.each(['../escaped', 'config/../../escaped', '../../escaped', join(folder, 'escaped')])(
    'writes nothing outside of the plane: %s',
    async (path) => {
      const before = await readdir(folder);
      await putBack(path);
      await putBack(path, 'data');
      expect(await readdir(folder)).toEqual(before);
      expect(await readdir(root)).not.toContain('escaped');
    },
  );

  it('leaves a file that is there, and puts that of the backup beside it', async () => {
    await writeFile(join(root, 'config/policy.yaml'), 'of this plane');
    expect((await putBack('config/policy.yaml')).join('\n')).toContain('policy.yaml differs');
    expect(await readFile(join(root, 'config/policy.yaml'), 'utf8')).toBe('of this plane');
    expect(await readFile(join(root, 'config/policy.yaml.restored'), 'utf8')).toBe('of the backup');
  });

  it('makes what only its owner reads', async () => {
    await putBack('audit/checkpoints.jsonl', 'data');
    expect((await stat(join(dataDir, 'audit/checkpoints.jsonl'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'audit'))).mode & 0o777).toBe(0o700);
  });
});
