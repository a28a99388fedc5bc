import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { settings } from '../settings.ts';
import { mergeEnvironment } from './merge.ts';
import { readSecretFiles, secretSettings } from './secret-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'secret-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const value = 'v'.repeat(40);
let files = 0;
const fileWith = (content: string | Uint8Array) => {
  files += 1;
  const path = join(folder, String(files));
  writeFileSync(path, content);
  return path;
};

const rulesOf = (environment: Record<string, string>) =>
  readSecretFiles(environment).problems.map(({ key, rule }) => `${key} ${rule}`);

describe('[SEC-018] secrets in files', () => {
  it('are those settings whose names say so, and addresses that hold a password', () => {
    expect(secretSettings).toEqual(
      expect.arrayContaining([
        'WORKER_SECRET',
        'SESSION_SECRET_PREVIOUS',
        'OPERATOR_PASSWORD',
        'SUPABASE_SERVICE_ROLE_KEY',
        'DATABASE_APP_SECRET',
        'DATABASE_APP_KEY',
        'DATABASE_URL',
        'REDIS_URL',
        'STRIPE_SECRET_KEY',
        'TELEGRAM_BOT_TOKEN',
        'ACTP_JWT_SECRET',
      ]),
    );
    for (const name of ['GATEWAY_PORT', 'POLICY_FILE', 'AGENT_KEYS_REQUIRED', 'SUPABASE_URL']) {
      expect(secretSettings).not.toContain(name);
    }
  });

  it('never share a name with a setting', () => {
    expect(secretSettings.filter((name) => `${name}_FILE` in settings)).toEqual([]);
  });

  it.each(secretSettings)('is the content of the file, without its last line end: %s', (name) => {
    const key = `${name}_FILE`;
    const { environment, problems } = readSecretFiles({ [key]: ` ${fileWith(`${value}\n`)} `, OTHER: 'x' });
    expect({ environment, problems }).toEqual({ environment: { [name]: value, OTHER: 'x' }, problems: [] });
  });

  it.each(['', '\n', '\r\n'])('may end in %j', (end) => {
    expect(readSecretFiles({ WORKER_SECRET_FILE: fileWith(value + end) }).environment).toEqual({
      WORKER_SECRET: value,
    });
  });

  it('may be behind a symbolic link, as Kubernetes makes them', () => {
    const link = join(folder, 'link');
    symlinkSync(fileWith(value), link);
    expect(readSecretFiles({ WORKER_SECRET_FILE: link }).environment).toEqual({ WORKER_SECRET: value });
  });

  it('are read although the setting is there and empty', () => {
    const environment = { WORKER_SECRET: ' ', WORKER_SECRET_FILE: fileWith(value) };
    expect(readSecretFiles(environment).environment).toEqual({ WORKER_SECRET: value });
  });

  it.each(['', '  '])('are off when the name of the file is %j', (path) => {
    expect(rulesOf({ WORKER_SECRET_FILE: path })).toEqual([]);
  });

  it('cannot be given twice', () => {
    expect(rulesOf({ WORKER_SECRET: value, WORKER_SECRET_FILE: fileWith(value) })).toEqual([
      'WORKER_SECRET_FILE cannot be set together with WORKER_SECRET; remove one of them',
    ]);
  });

  it('say what is wrong with the file, and never what it holds', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('/usr/bin/env', ['mkfifo', pipe]);
    const bad: Array<[path: string, rule: string]> = [
      [join(folder, 'missing'), 'names a file that cannot be read (ENOENT)'],
      [folder, 'must name a regular file'],
      [pipe, 'must name a regular file'],
      ['/dev/zero', 'must name a regular file'],
      [fileWith(''), 'names an empty file'],
      [fileWith(' \n'), 'names an empty file'],
      [fileWith('x'.repeat(16_385)), 'names a file of more than 16384 bytes'],
      [fileWith(`${value}\n${value}\n`), 'must name a file with one line of text in UTF-8'],
      [fileWith(`${value}\0`), 'must name a file with one line of text in UTF-8'],
      [fileWith(Uint8Array.of(0xff, 0xfe, 0x41)), 'must name a file with one line of text in UTF-8'],
    ];
    for (const [path, rule] of bad) {
      expect(rulesOf({ SESSION_SECRET_FILE: path })).toEqual([`SESSION_SECRET_FILE ${rule}`]);
    }
  });
});

describe('[SEC-018] a folder of secrets', () => {
  const secrets = mkdtempSync(join(folder, 'secrets-'));
  writeFileSync(join(secrets, 'WORKER_SECRET'), `${value}\n`);
  writeFileSync(join(secrets, 'GATEWAY_PORT'), '1');
  const there = { ACTP_SECRETS_DIR: secrets };

  it('has those whose files are there, and gives no other setting', () => {
    expect(readSecretFiles(there).environment).toEqual({ ...there, WORKER_SECRET: value });
  });

  it('gives way to a value and to a file that are set', () => {
    expect(readSecretFiles({ ...there, WORKER_SECRET: 'x' }).environment).toMatchObject({
      WORKER_SECRET: 'x',
    });
    const WORKER_SECRET_FILE = fileWith('other');
    expect(readSecretFiles({ ...there, WORKER_SECRET_FILE })).toEqual({
      environment: { ...there, WORKER_SECRET: 'other' },
      problems: [],
    });
  });

  it('says which of its files cannot be used', () => {
    const bad = mkdtempSync(join(folder, 'bad-'));
    writeFileSync(join(bad, 'SESSION_SECRET'), '');
    expect(rulesOf({ ACTP_SECRETS_DIR: bad })).toEqual([
      'SESSION_SECRET in ACTP_SECRETS_DIR names an empty file',
    ]);
  });

  it('that is not there is none', () => {
    expect(rulesOf({ ACTP_SECRETS_DIR: join(folder, 'nowhere') })).toEqual([]);
  });
});

describe('secrets in files, in the environment and in .env', () => {
  it('are read wherever they are named', () => {
    const file = { WORKER_SECRET_FILE: fileWith('from .env') };
    const outside = { SESSION_SECRET_FILE: fileWith('from outside') };
    expect(mergeEnvironment(file, outside)).toEqual({
      WORKER_SECRET: 'from .env',
      SESSION_SECRET: 'from outside',
    });
  });

  it('win over .env when the environment names them, and lose to a value there', () => {
    const path = fileWith('in a file');
    expect(mergeEnvironment({ WORKER_SECRET: 'x' }, { WORKER_SECRET_FILE: path })).toEqual({
      WORKER_SECRET: 'in a file',
    });
    expect(mergeEnvironment({ WORKER_SECRET_FILE: path }, { WORKER_SECRET: 'x' })).toEqual({
      WORKER_SECRET: 'x',
    });
  });

  it('stop the start when they cannot be used, with the name of each', () => {
    const missing = join(folder, 'missing');
    expect(() => mergeEnvironment({ WORKER_SECRET_FILE: missing }, { REDIS_URL_FILE: missing })).toThrow(
      /WORKER_SECRET_FILE: names a file[^]*REDIS_URL_FILE: names a file/,
    );
  });
});
