import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseAppKey } from '@actp/db/access/app-key';
import { parseEnvFile } from '@actp/shared/env-file/parse';
import { afterAll, describe, expect, it } from 'vitest';
import { apps } from '../apps.ts';
import { makeSecrets } from './make-secrets.ts';

const root = mkdtempSync(join(tmpdir(), 'make-secrets-'));
afterAll(() => rmSync(root, { recursive: true }));
const folderFor = () => mkdtempSync(join(root, 'run-'));

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
const everything = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [join(parentPath, name), read(parentPath, name)]),
  );

describe('[SEC-018] the secrets of containers', () => {
  it('are generated once, and stay', () => {
    const folder = folderFor();
    expect(makeSecrets({ folder, environment: {} })).toContain('WORKER_SECRET');
    const before = everything(folder);
    expect(makeSecrets({ folder, environment: { WORKER_SECRET: ' ' } })).toEqual([]);
    expect(everything(folder)).toEqual(before);
    expect(read(folder, 'generated', 'WORKER_SECRET')).toMatch(/^[\w-]{43}$/);
  });

  it('are those of .env where it has them', () => {
    const folder = folderFor();
    makeSecrets({ folder, environment: {} });
    makeSecrets({
      folder,
      environment: { WORKER_SECRET: 'set in .env', LOG_LEVEL: 'info', GROQ_API_KEY: 'key' },
    });
    expect(read(folder, 'gateway', 'WORKER_SECRET')).toBe('set in .env');
    expect(read(folder, 'executor', 'GROQ_API_KEY')).toBe('key');
    expect(readdirSync(join(folder, 'gateway'))).not.toContain('GROQ_API_KEY');
    expect(readdirSync(join(folder, 'gateway'))).not.toContain('LOG_LEVEL');
    makeSecrets({ folder, environment: {} });
    expect(readdirSync(join(folder, 'executor'))).not.toContain('GROQ_API_KEY');
  });

  it('give each app its own key of the database, and only the job that registers them what they come from', () => {
    const folder = folderFor();
    makeSecrets({ folder, environment: {} });
    const secret = read(folder, 'generated', 'DATABASE_APP_SECRET');
    expect(read(folder, 'approval-bot', 'DATABASE_APP_KEY')).toBe(databaseAppKey(secret, 'bot'));
    expect(read(folder, 'auditor', 'DATABASE_APP_KEY')).toBe(databaseAppKey(secret, 'auditor'));
    const having = Object.entries(everything(folder)).filter(([, content]) => content.includes(secret));
    expect(new Set(having.map(([path]) => path.slice(folder.length + 1).split('/')[0]))).toEqual(
      new Set(['generated', 'migrate', 'cli']),
    );
    for (const { name } of apps) expect(readdirSync(join(folder, name))).not.toContain('DATABASE_URL');
  });

  it('lead to the stores of the file, unless others are named', () => {
    const folder = folderFor();
    makeSecrets({ folder, environment: {} });
    const password = read(folder, 'generated', 'ACTP_REDIS_PASSWORD');
    expect(read(folder, 'gateway', 'REDIS_URL')).toBe(`redis://:${password}@redis:6379`);
    expect(read(folder, 'redis', 'redis.conf')).toMatch(/^appendfsync always$/m);
    expect(read(folder, 'redis', 'redis.conf')).toMatch(/^maxmemory-policy noeviction$/m);
    expect(read(folder, 'migrate', 'DATABASE_URL')).toMatch(
      /^postgresql:\/\/postgres:[\w-]+@postgres:5432\/postgres$/,
    );
    expect(read(folder, 'postgrest', 'db-uri')).toMatch(
      /^postgresql:\/\/authenticator:[\w-]+@postgres:5432\//,
    );

    const environment = {
      REDIS_SENTINELS: '10.0.0.1:26379',
      SUPABASE_SERVICE_ROLE_KEY: 'key of the project',
      DATABASE_URL: 'postgres://owner@db.example/postgres',
    };
    makeSecrets({ folder, environment });
    expect(readdirSync(join(folder, 'gateway'))).not.toContain('REDIS_URL');
    expect(read(folder, 'gateway', 'REDIS_SENTINELS')).toBe('10.0.0.1:26379');
    expect(read(folder, 'gateway', 'SUPABASE_SERVICE_ROLE_KEY')).toBe('key of the project');
    expect(read(folder, 'migrate', 'DATABASE_URL')).toBe(environment.DATABASE_URL);
    // Its roles are its own.
    expect(readdirSync(join(folder, 'migrate'))).not.toContain('ACTP_AUTHENTICATOR_PASSWORD');
  });

  it('are no half-written ones that a killed run has left', () => {
    const folder = folderFor();
    makeSecrets({ folder, environment: {} });
    writeFileSync(join(folder, 'generated', '.WORKER_SECRET.new'), 'ha');
    expect(makeSecrets({ folder, environment: {} })).toEqual([]);
    expect(read(folder, 'cli', 'env')).not.toContain('.new');
  });

  it('cannot be changed by the service that reads them', () => {
    const folder = folderFor();
    makeSecrets({ folder, environment: {} });
    expect(statSync(join(folder, 'gateway', 'WORKER_SECRET')).mode & 0o777).toBe(0o444);
    expect(statSync(join(folder, 'generated', 'WORKER_SECRET')).mode & 0o777).toBe(0o400);
  });

  it('that belong to the data are what a backup keeps, and not those of the stores', () => {
    const folder = folderFor();
    makeSecrets({ folder, environment: { OPERATOR_PASSWORD: `it's "$5" a day` } });
    const { values } = parseEnvFile(read(folder, 'cli', 'env'), 'env');
    expect(values).toMatchObject({
      OPERATOR_PASSWORD: `it's "$5" a day`,
      AUDIT_SIGNING_KEY: read(folder, 'auditor', 'AUDIT_SIGNING_KEY'),
      DATABASE_APP_SECRET: read(folder, 'migrate', 'DATABASE_APP_SECRET'),
    });
    expect(Object.keys(values).filter((name) => /^(?:ACTP_|REDIS|SUPABASE|DATABASE_URL)/.test(name))).toEqual(
      [],
    );
  });
});
