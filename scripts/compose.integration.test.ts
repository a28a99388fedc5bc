import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'compose-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder with programs that say with which words they were called; `missing`: words that they do not know. */
function programs(missing: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(folder, 'path-'));
  for (const [name, word] of Object.entries(missing)) {
    const file = join(path, name);
    writeFileSync(
      file,
      `#!/bin/sh\n[ "$1" = "${word}" ] && exit 1\n[ "$2$1" = "version" ] || echo "${name} $*"\n`,
    );
    chmodSync(file, 0o755);
  }
  return path;
}

const newer = programs({ docker: 'nothing' });
const older = programs({ docker: 'compose', 'docker-compose': 'nothing' });

function compose(words: string[], path: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'compose.mjs'), ...words],
    { encoding: 'utf8', env: { PATH: `${path}:/usr/bin:/bin`, HOME: folder } },
  );
  return { status, out: stdout, said: stderr };
}

describe('[OPS-001] npm run compose', () => {
  it('hands its commands to Compose v2, and to docker-compose where that is what there is', () => {
    expect(compose(['down', '--volumes'], newer).out).toContain(
      'docker compose down --remove-orphans --volumes\n',
    );
    expect(compose(['down'], older).out).toContain('docker-compose down --remove-orphans\n');
    expect(compose(['cli', 'audit', 'verify'], older).out).toContain(
      'docker-compose run --rm -T cli audit verify\n',
    );
  });

  it('asks for one secret at a time, by its name', () => {
    expect(compose(['secret', 'OPERATOR_PASSWORD'], newer).out).toMatch(
      / secrets -c .* OPERATOR_PASSWORD\n$/,
    );
    expect(compose(['secret'], newer)).toMatchObject({ status: 2, out: '' });
    expect(compose(['secret', '../WORKER_SECRET'], newer).status).toBe(2);
  });

  it('says what is wrong with a command, and what there is', () => {
    expect(compose(['upp'], newer)).toEqual({
      status: 2,
      out: '',
      said: 'Unknown command: upp\nTry: npm run compose -- --help\n',
    });
    expect(compose(['--help'], newer).out).toContain('restore FILE');
    expect(compose(['restore'], newer).status).toBe(2);
    expect(compose([], newer).status).toBe(2);
  });

  it('says what to install where there is no Compose', () => {
    const none = compose(['down'], programs({ docker: 'compose', 'docker-compose': 'version' }));
    expect(none).toMatchObject({ status: 1, out: '' });
    expect(none.said).toContain('Docker Compose was not found');
  });
});
