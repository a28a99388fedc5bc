import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generatedNames } from '@actp/shared/generated-secrets';
import { ensureEnvFile } from './env-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actp-env-'));
  file = join(folder, '.env');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('.env', () => {
  it('is made with every secret, different ones, and nothing else', async () => {
    const { environment } = await ensureEnvFile(file, {});
    const secrets = parseEnv(await readFile(file, 'utf8'));
    expect(Object.keys(secrets).toSorted()).toEqual([...generatedNames].toSorted());
    expect(environment).toEqual(secrets);
    expect(new Set(Object.values(secrets)).size).toBe(generatedNames.length);
    for (const secret of Object.values(secrets)) expect(secret).toMatch(/^[\w-]{43}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['.env']);
  });

  it('keeps what is there, fills in what is missing or empty, and the environment wins', async () => {
    const worker = 'w'.repeat(40);
    await writeFile(file, `# mine\nWORKER_SECRET=${worker}\nSESSION_SECRET=\nGATEWAY_PORT=9000\n`);
    const { environment } = await ensureEnvFile(file, {
      ACTP_JWT_SECRET: 'j'.repeat(40),
      OPERATOR_PASSWORD: '',
    });
    const text = await readFile(file, 'utf8');
    expect(text.startsWith(`# mine\nWORKER_SECRET=${worker}\n`)).toBe(true);
    expect(text).not.toContain('ACTP_JWT_SECRET');
    expect(environment['WORKER_SECRET']).toBe(worker);
    expect(environment['GATEWAY_PORT']).toBe('9000');
    expect(environment['ACTP_JWT_SECRET']).toBe('j'.repeat(40));
    expect(environment['SESSION_SECRET']).toHaveLength(43);
    expect(environment['OPERATOR_PASSWORD']).toHaveLength(43);
    expect(parseEnv(text)['SESSION_SECRET']).toBe(environment['SESSION_SECRET']);
  });

  it('[SEC-020] reads a name behind a byte order mark, and is written without it and without line ends of Windows', async () => {
    const worker = 'aaaabbbbccccddddeeeeffff00001111';
    await writeFile(file, `\uFEFFWORKER_SECRET=${worker}\r\nLOG_LEVEL=info\r\n`);
    const { environment, notices } = await ensureEnvFile(file, {});
    expect(environment).toMatchObject({ WORKER_SECRET: worker, LOG_LEVEL: 'info' });
    const text = await readFile(file, 'utf8');
    expect(text.startsWith(`WORKER_SECRET=${worker}\nLOG_LEVEL=info\n`)).toBe(true);
    expect(text.match(/WORKER_SECRET=/g)).toHaveLength(1);
    expect(notices.join()).toContain('byte order mark');
    expect((await ensureEnvFile(file, {})).notices).toEqual([]);
  });

  it('keeps what stands behind a # that no blank precedes', async () => {
    await writeFile(file, 'OPERATOR_PASSWORD=field-horse-2026#battery\n');
    const { environment } = await ensureEnvFile(file, {});
    expect(environment['OPERATOR_PASSWORD']).toBe('field-horse-2026#battery');
  });

  it('is left as it is when a shell would read it otherwise', async () => {
    await writeFile(file, 'OPERATOR_PASSWORD=field horse 2026\n');
    await expect(ensureEnvFile(file, {})).rejects.toThrow(`${file}, line 1: OPERATOR_PASSWORD has a blank`);
    expect(await readFile(file, 'utf8')).toBe('OPERATOR_PASSWORD=field horse 2026\n');
  });

  it('names the folder when that does not exist', async () => {
    const nowhere = join(file, '..', 'none', '.env');
    await expect(ensureEnvFile(nowhere, {})).rejects.toThrow(`The folder of ${nowhere} does not exist`);
  });

  it('is closed to others, and says so', async () => {
    await ensureEnvFile(file, {});
    await chmod(file, 0o644);
    const { notices } = await ensureEnvFile(file, {});
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(notices.join()).toContain('could be read by other users');
  });

  it('holds the same secrets for copies that start at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => ensureEnvFile(file, {})));
    const first = all[0]?.environment;
    for (const { environment } of all) expect(environment).toEqual(first);
    expect(parseEnv(await readFile(file, 'utf8'))).toEqual(first);
  });
});
