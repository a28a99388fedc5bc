import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'config-or-exit-'));
afterAll(() => rmSync(folder, { recursive: true }));
// Words of no known form: only that it is a secret of the process itself has it redacted.
const secret = 'just some ordinary words of an operator';

function run(env: Record<string, string>) {
  const program = join(import.meta.dirname, 'config-or-exit.fixture.ts');
  return spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
}

describe('[SEC-018] the secrets of an app', () => {
  it('can come in a file, and are redacted like all others', () => {
    const path = join(folder, 'secret');
    writeFileSync(path, `${secret}\n`);
    const { stdout, status } = run({ WORKER_SECRET_FILE: path });
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${secret.length} the value \\[redacted:`));
  });

  it('stop it, with the name of the setting alone, when the file cannot be used', () => {
    const path = join(folder, 'short');
    writeFileSync(path, 'too short');
    expect(run({ WORKER_SECRET_FILE: path }).stderr).toBe(
      'These settings cannot be used:\n  WORKER_SECRET: must have at least 32 characters\n',
    );
    const missing = run({ WORKER_SECRET_FILE: join(folder, 'missing') });
    expect(missing).toMatchObject({
      status: 1,
      stderr:
        'These settings cannot be used:\n  WORKER_SECRET_FILE: names a file that cannot be read (ENOENT)\n',
    });
  });
});
