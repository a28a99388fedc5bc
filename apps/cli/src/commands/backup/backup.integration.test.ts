import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { runCliProcess } from '../../cli-process.fixture.ts';

const source = await openStores();
const folder = await mkdtemp(join(tmpdir(), 'actp-cli-backup-'));
afterAll(() => rm(folder, { recursive: true }));
const secret = () => randomBytes(32).toString('base64url');
const passphrase = 'a passphrase of this test';
const signingKey = secret();

// A plane with stores of its own: its .env, its policy, its copy of the checkpoints.
const home = join(folder, 'home');
const policy = join(home, 'policy.yaml');
await mkdir(join(home, 'data', 'audit'), { recursive: true });
await writeFile(
  join(home, '.env'),
  `AUDIT_SIGNING_KEY=${signingKey}\nSESSION_SECRET=${secret()}\nMINE='two words'\n`,
);
await writeFile(policy, 'version: 1\n');
await writeFile(join(home, 'data', 'audit', 'checkpoints.jsonl'), '{"public_key":"key"}\n');
await source.sql.query(
  `insert into actp_agent_audit_log (agent_id, action_type, status) select 'a', 'b.c', 'ok' from generate_series(1, 7)`,
);

const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL, REDIS_URL } = source.env;
const stores = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL, REDIS_URL };
const of = (name: string) => ({
  ACTP_ENV_FILE: join(folder, name, '.env'),
  ACTP_DATA_DIR: join(folder, name, 'data'),
});
const run = (words: string[], env: Record<string, string>) => runCliProcess(words, { cwd: folder, env });
const backup = (words: string[] = [], env: Record<string, string> = {}) =>
  run(['backup', ...words], { ...of('home'), ...stores, ...env });

/** A plane that has never been started; its database is migrated already. */
async function emptyPlane(name: string): Promise<Record<string, string>> {
  const { env } = await openStores();
  await mkdir(join(folder, name), { recursive: true });
  return {
    ...of(name),
    SUPABASE_URL: env.SUPABASE_URL,
    SUPABASE_SERVICE_ROLE_KEY: env.SUPABASE_SERVICE_ROLE_KEY,
    DATABASE_URL: env.DATABASE_URL,
    REDIS_URL: env.REDIS_URL,
  };
}

describe('[OPS-002] npm run backup', () => {
  it('writes a file that only its owner reads, without a secret, and says what is left out', async () => {
    const { code, out, problem } = await backup();
    expect({ code, problem }).toEqual({ code: 0, problem: '' });
    expect(out).toMatch(
      /^Backup written: .*\.tar\.gz\n {2}[\d.]+ kB, [\d,]+ rows of \d+ tables, [\d.]+ s\n {2}encrypted: no /,
    );
    const [name = ''] = await readdir(join(folder, 'backups'));
    const file = join(folder, 'backups', name);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'backups'))).mode & 0o777).toBe(0o700);
    const text = gunzipSync(await readFile(file)).toString('latin1');
    expect(text).toContain('actp_agent_audit_log');
    expect(text).not.toContain(signingKey);
    expect(text).not.toContain('version: 1');
  });

  it('refuses a file that is there, a short passphrase, and a place that cannot be written', async () => {
    await writeFile(join(folder, 'mine'), 'mine');
    const there = await backup(['--to', 'mine']);
    expect(there).toMatchObject({ code: 2, out: '' });
    expect(there.problem).toContain('exists already');
    expect(await readFile(join(folder, 'mine'), 'utf8')).toBe('mine');
    const short = await backup(['--to', 'short'], { BACKUP_PASSPHRASE: 'short' });
    expect(short.problem).toContain('BACKUP_PASSPHRASE: must have at least 12 characters');
    const inFile = await backup(['--to', 'mine/below']);
    expect(inFile.code).toBe(2);
    expect(await readdir(folder)).not.toContain('short');
  });

  it('leaves nothing when the disk is full', async () => {
    // A limit for the size of a file ends a write as a full disk does.
    const command = `ulimit -f 1; exec "$0" "$@"`;
    const main = join(import.meta.dirname, '..', '..', 'main.ts');
    const target = join(folder, 'full');
    await mkdir(target);
    await source.sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status, request_id)
       select 'a', 'b.c', 'ok', gen_random_uuid() from generate_series(1, 500)`,
    );
    const problem = await new Promise<string>((resolve) => {
      execFile(
        '/bin/sh',
        ['-c', command, process.execPath, main, 'backup', '--to', `${target}/`],
        { cwd: folder, env: { PATH: process.env['PATH'], ...of('home'), ...stores } },
        (_error, _out, text) => resolve(text),
      );
    });
    expect(problem).toMatch(/cannot be written: .*\(EFBIG\)\. Nothing is left of it/);
    expect(await readdir(target)).toEqual([]);
  });

  it('waits for events that are in Redis alone, or says that they are left out', async () => {
    const producer = createProducer({
      redis: source.env,
      log: createLogger({ app: 'test', level: 'silent' }),
    });
    atEnd(() => producer.close());
    const event_id = randomUUID();
    const job = await producer.add('write-audit-events', {
      events: [{ event_id, agent_id: 'a', action_type: 'b.c', status: 'ok', source: 'http' }],
    });
    const without = await backup(['--to', 'without.tar.gz', '--leave-waiting', '--json']);
    expect(JSON.parse(without.out)).toMatchObject({ waiting_events_included: false, encrypted: false });
    const asked = backup(['--to', 'with.tar.gz', '--json']);
    // Nothing is written as long as the auditor is not there.
    expect(await Promise.race([asked.then(() => 'written'), delay(1_500, 'waiting')])).toBe('waiting');
    await source.sql.query(
      `insert into actp_agent_audit_log (event_id, agent_id, action_type, status) values ($1, 'a', 'b.c', 'ok')`,
      [event_id],
    );
    await job.remove();
    expect(JSON.parse((await asked).out)).toMatchObject({ waiting_events_included: true });
    const text = gunzipSync(await readFile(join(folder, 'with.tar.gz'))).toString('latin1');
    expect(text).toContain(event_id);
  });

  it('says what to do when no plane runs, or nobody is the owner', async () => {
    const none = await run(['backup'], of('nowhere'));
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.problem).toContain('Start it (npm start)');
    const nobody = await backup([], { DATABASE_URL: '' });
    expect(nobody.problem).toContain('DATABASE_URL is not set');
  });
});

describe('[OPS-002] npm run restore', async () => {
  const file = join(folder, 'kept.age');
  const env = { BACKUP_PASSPHRASE: passphrase, POLICY_FILE: policy };
  const made = await backup(['--to', file, '--json'], env);

  it('puts an encrypted backup into an empty plane, with its secrets and files, and prints none of them', async () => {
    expect(JSON.parse(made.out)).toMatchObject({ path: file, encrypted: true, keys: true });
    const plane = await emptyPlane('new');
    const checked = await run(['restore', file, '--check', '--json'], { ...plane, ...env });
    expect(JSON.parse(checked.out)).toMatchObject({ ok: true, keys: true });
    const restored = await run(['restore', file], { ...plane, ...env });
    expect(restored).toMatchObject({ code: 0, problem: '' });
    expect(restored.out).toMatch(/audit log intact: 7 rows checked/);
    expect(restored.out).toContain('npm run restore -- --accept');
    expect(restored.out).not.toContain(signingKey);
    const written = await readFile(join(folder, 'new', '.env'), 'utf8');
    expect(written).toContain(`AUDIT_SIGNING_KEY=${signingKey}\n`);
    expect(written).toContain(`MINE='two words'\n`);
    expect(written).not.toContain('DATABASE_URL');
    expect(written).not.toContain(passphrase);
    expect((await stat(join(folder, 'new', '.env'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'new', 'data', 'audit'))).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'new', 'data', 'audit', 'checkpoints.jsonl'), 'utf8')).toContain(
      'public_key',
    );

    const twice = await run(['restore', file], { ...plane, ...env });
    expect(twice).toMatchObject({ code: 2, out: '' });
    expect(twice.problem).toContain('The database is in use');
  });

  it('leaves a .env that is there, unless it is told to put the secrets into it', async () => {
    const plane = await emptyPlane('kept');
    const envFile = join(folder, 'kept', '.env');
    await writeFile(envFile, 'AUDIT_SIGNING_KEY=of-the-new-machine-and-long-enough\nOTHER=1\n', {
      mode: 0o600,
    });
    const first = await run(['restore', file], { ...plane, ...env });
    expect(first.out).toContain('was left as it is; --with-keys');
    expect(await readFile(envFile, 'utf8')).toContain('of-the-new-machine');
    const keys = await run(['restore', file, '--only-keys', '--with-keys'], { ...plane, ...env });
    expect(keys.code).toBe(0);
    expect(await readFile(envFile, 'utf8')).toMatch(
      new RegExp(`^AUDIT_SIGNING_KEY=${signingKey}\nOTHER=1\n`),
    );
  });

  it('empties a ..._FILE of what it puts into a .env that is there', async () => {
    await mkdir(join(folder, 'files'));
    const envFile = join(folder, 'files', '.env');
    await writeFile(join(folder, 'key'), secret());
    await writeFile(envFile, `AUDIT_SIGNING_KEY_FILE=${join(folder, 'key')}\n`, { mode: 0o600 });
    const words = ['restore', file, '--only-keys', '--with-keys'];
    const restored = await run(words, { ...of('files'), ...env });
    expect(restored.out).toContain('AUDIT_SIGNING_KEY_FILE');
    expect(await readFile(envFile, 'utf8')).toMatch(/^AUDIT_SIGNING_KEY_FILE=\n/);
  });

  it('refuses a pipe, and options of a file together with --accept', async () => {
    const refused = await run(['restore', '--check', '/dev/null'], { ...of('untouched'), ...env });
    expect(refused.problem).toContain('no regular file');
    const mixed = await run(['restore', '--accept', '--check'], { ...of('untouched'), ...env });
    expect(mixed).toMatchObject({ code: 2, out: '' });
    expect(mixed.problem).toContain('not with --accept');
  });

  it('starts the embedded database for itself, and stops it', async () => {
    await mkdir(join(folder, 'embedded'));
    const restored = await run(['restore', file, '--json'], {
      ...of('embedded'),
      BACKUP_PASSPHRASE: passphrase,
    });
    expect(restored).toMatchObject({ code: 0, problem: '' });
    expect(JSON.parse(restored.out)).toMatchObject({ restored: true, audit: { ok: true, checked: 7 } });
    expect(await readdir(join(folder, 'embedded', 'data', 'run'))).not.toContain('postgres.pid');
  });

  it('changes nothing with a wrong passphrase, a damaged file, or a file of another program', async () => {
    const target = of('untouched');
    const bytes = await readFile(file);
    await writeFile(join(folder, 'cut'), bytes.subarray(0, -20));
    for (const [name, extra, message] of [
      [file, { BACKUP_PASSPHRASE: 'another passphrase' }, 'the passphrase is wrong'],
      [file, { BACKUP_PASSPHRASE: '' }, 'is encrypted'],
      ['cut', env, 'is damaged'],
      ['mine', env, 'is no backup of actp-worker'],
      ['missing', env, 'there is no such file'],
    ] as const) {
      const refused = await run(['restore', name], { ...target, ...extra });
      expect(refused).toMatchObject({ code: 2, out: '' });
      expect(refused.problem).toContain(message);
    }
    expect(await readdir(folder)).not.toContain('untouched');
    const nothing = await run(['restore'], target);
    expect(nothing.problem).toContain('Try: npm run restore -- --help');
  });
});
