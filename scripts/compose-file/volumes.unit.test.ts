import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readComposeFile, root } from './read-compose-file.ts';

const { services } = readComposeFile();
const mounts = Object.entries(services).flatMap(([service, { volumes }]) =>
  volumes.map((volume) => {
    const [source = '', target = '', mode = 'rw'] = volume.split(':');
    return { service, source, target, mode };
  }),
);
const text = (file: string) => readFileSync(join(root, file), 'utf8');

describe('what a container can change outside of itself', () => {
  it.each([
    ['postgres', ['postgres']],
    ['redis', ['redis']],
    // The copy of the checkpoints: whoever could write it could hide what was done to the audit log.
    ['auditor-data', ['auditor', 'restore']],
    ['anchor', ['auditor']],
    ['selftest-data', ['selftest-runner']],
    ['inspector-data', ['inspector']],
    ['backups', ['cli', 'restore']],
  ])('%s is written by whom it belongs to, and by nobody else', (volume, writers) => {
    const found = mounts.filter(({ source, mode }) => source === volume && mode !== 'ro');
    expect(found.map(({ service }) => service).toSorted()).toEqual(writers.toSorted());
  });

  it('is never the configuration, the policy among it, nor anything else of the host', () => {
    const ofTheHost = mounts.filter(({ source }) => /^[./~$]/.test(source));
    expect(ofTheHost.length).toBeGreaterThan(0);
    for (const mount of ofTheHost) {
      expect(mount).toMatchObject({ source: './config', target: '/app/config', mode: 'ro' });
    }
  });

  it('is the anchor apart from the data, so that no copy of these brings it along', () => {
    const of = (folder: string) =>
      mounts.filter(({ service, target }) => service === 'auditor' && target === folder);
    expect(of('/anchor').map(({ source }) => source)).toEqual(['anchor']);
    expect(services['auditor']?.environment['ACTP_ANCHOR_FILE']).toMatch(/^\/anchor\//);
    expect(mounts.filter(({ source }) => source === 'anchor')).toHaveLength(1);
  });
});

it('Postgres lets nobody in without a password', () => {
  const environment: Record<string, string> = services['postgres']?.environment ?? {};
  expect(environment['POSTGRES_INITDB_ARGS']).toMatch(/(?:^| )--auth=scram-sha-256(?: |$)/);
  expect(environment['POSTGRES_INITDB_ARGS']).not.toMatch(/--auth-(?:host|local)/);
  expect(environment['POSTGRES_HOST_AUTH_METHOD']).toBeUndefined();
});

describe('the image', () => {
  it('runs as an account that owns none of the code', () => {
    const [, ...stages] = text('Dockerfile').split(/^FROM /m);
    const users = Object.fromEntries(
      stages.map((stage) => [
        / AS (\w+)/.exec(stage)?.[1] ?? '',
        [...stage.matchAll(/^USER (\S+)/gm)].map(([, user]) => user),
      ]),
    );
    // `migrate` begins where `app` ends.
    expect(users).toMatchObject({ app: ['node'], migrate: [] });
    const owned = [...text('Dockerfile').matchAll(/chown -R node:node ([^;&\n]+)/g)].map(([, where]) =>
      where?.trim(),
    );
    expect(owned).toEqual(['/data /anchor /backups /secrets']);
  });

  it('gets what is named and never a secret, an environment file or the data folder', () => {
    const rules = text('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    const lastTaken = rules.findLastIndex((rule) => rule.startsWith('!'));
    // The last rule that fits counts.
    for (const rule of ['**/.env*', '**/.actp*', '**/node_modules']) {
      expect(rules.lastIndexOf(rule), rule).toBeGreaterThan(lastTaken);
    }
  });
});
