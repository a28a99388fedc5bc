import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { root } from './read-compose-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'actp-healthcheck-'));
// It kills everything of its container, which is this machine here: it only says so.
const script = join(folder, 'healthcheck.sh');
const harmless = readFileSync(join(root, 'docker/healthcheck.sh'), 'utf8')
  .replaceAll(/\bkill -/g, 'echo signal -')
  .replaceAll('sleep 12', 'sleep 0');
if (harmless.includes('kill -')) throw new Error('it would kill this machine');
writeFileSync(script, harmless);

function check(ageSeconds: number | undefined, address: string[] = []) {
  const file = join(folder, `heartbeat-${ageSeconds}`);
  if (ageSeconds !== undefined) {
    writeFileSync(file, '');
    const at = Date.now() / 1_000 - ageSeconds;
    utimesSync(file, at, at);
  }
  const env = { PATH: process.env['PATH'], ACTP_HEARTBEAT_FILE: file };
  const { status, stdout } = spawnSync('bash', [script, ...address], { env, encoding: 'utf8' });
  return { status, said: stdout };
}

describe('the check of a container', () => {
  it('is content with an app that shows signs of life', () => {
    expect(check(5)).toEqual({ status: 0, said: '' });
  });

  it('kills an app that hangs, so that it is started again', () => {
    const { status, said } = check(120);
    expect(status).toBe(1);
    expect(said).toContain('no sign of life for 12');
    expect(said).toContain('signal -9 -1');
  });

  it('fails without killing where an app has not come that far', () => {
    expect(check(undefined)).toEqual({ status: 1, said: '' });
  });

  it('fails where nothing answers', () => {
    expect(check(5, ['127.0.0.1', '1', '/readyz']).status).toBe(1);
  });
});
