import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { registerApps } from '@actp/db/access/register-apps';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createSigner } from '@actp/db/audit/signature';
import { openStores } from '@actp/testing/stores';
import { runCliProcess } from './cli-process.fixture.ts';

const stores = await openStores();
const folder = await mkdtemp(join(tmpdir(), 'actp-cli-'));
afterAll(() => rm(folder, { recursive: true }));
const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = stores.env;
const DATABASE_APP_SECRET = randomBytes(32).toString('base64url');
await registerApps({ databaseUrl: stores.env.DATABASE_URL, secret: DATABASE_APP_SECRET });
const database = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_APP_SECRET };
const run = (words: string[], env: Record<string, string> = {}) =>
  runCliProcess(words, { cwd: folder, env: { ACTP_DATA_DIR: folder, ...env } });

describe('the command line', () => {
  it.each([
    [[], 'npm run cli -- <command> [options]'],
    [['approvals'], 'npm run approvals -- <command> [options]'],
    [['approvals', 'list'], 'npm run approvals -- list [options]'],
    [['approvals', 'show'], 'npm run approvals -- show <id> [options]'],
    [['approvals', 'approve'], 'npm run approvals -- approve <id> [options]'],
    [['approvals', 'reject'], 'npm run approvals -- reject <id> [options]'],
    [['approvals', 'login'], 'npm run approvals -- login [options]'],
    [['approvals', 'logout'], 'npm run approvals -- logout [options]'],
    [['policy'], 'npm run policy -- <command> [options]'],
    [['policy', 'check'], 'npm run policy -- check [file] [options]'],
    [['policy', 'diff'], 'npm run policy -- diff <new-file> [options]'],
    [['policy', 'explain'], 'npm run policy -- explain <action> [details] [options]'],
    [['policy', 'schema'], 'npm run policy -- schema [options]'],
    [['audit', 'verify'], 'npm run audit:verify -- [options]'],
    [['backup'], 'npm run backup -- [options]'],
    [['restore'], 'npm run restore -- [file] [options]'],
    [['stores'], 'npm run stores -- [options]'],
    [['evaluate'], 'npm run evaluate -- <command> [options]'],
    [['evaluate', 'redaction'], 'npm run evaluate -- redaction [folder] [seed] [options]'],
    [['train'], 'npm run train -- [folder] [options]'],
  ])('explains itself with --help: %j', async (words, usage) => {
    const { code, out } = await run([...words, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: ${usage}\n`);
  });

  it.each([
    [['approvals', 'aprove'], 'Try: npm run approvals -- --help'],
    [['approvals', 'show'], 'Try: npm run approvals -- --help'],
    [['polcy'], 'Try: npm run cli -- --help'],
    [['stores', '--all'], 'Try: npm run stores -- --help'],
    [['audit', 'verify', 'today'], 'Try: npm run audit:verify -- --help'],
    [['evaluate', 'everything'], 'Try: npm run evaluate -- --help'],
    [['train', 'a', 'b'], 'Try: npm run train -- --help'],
  ])('ends with 2 and names the help for what it does not understand: %j', async (words, hint) => {
    const { code, out, problem } = await run(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(problem).toContain(hint);
  });

  it('says what to do when no plane runs, with the exit code of the command', async () => {
    const remedy = 'Start it (npm start), or set ACTP_DATA_DIR';
    const none = { SUPABASE_URL: '', SUPABASE_SERVICE_ROLE_KEY: '', POLICY_FILE: 'config/policy.yaml' };
    for (const [words, code] of [
      [['stores'], 1],
      [['audit', 'verify'], 2],
      [['policy', 'diff', join(import.meta.dirname, '../../../config/policy.yaml')], 2],
    ] as const) {
      const answer = await run([...words], none);
      expect(answer).toMatchObject({ code, out: '' });
      expect(answer.problem).toContain(remedy);
    }
  });

  it('names a setting that cannot be used, and not its value', async () => {
    const half = await run(['audit', 'verify'], { SUPABASE_URL });
    expect(half.code).toBe(2);
    expect(half.problem).toContain('SUPABASE_SERVICE_ROLE_KEY: must be set together with SUPABASE_URL');
    const bad = await run(['policy', 'check'], { MAX_SPEND_PER_TASK: 'much-money' });
    expect(bad.code).toBe(2);
    expect(bad.problem).toContain('MAX_SPEND_PER_TASK: must be an amount');
    expect(bad.problem).not.toContain('much-money');
  });
});

describe('npm run audit:verify', () => {
  it('ends with 1 when a checkpoint outside of the database is not in it', async () => {
    const dataDir = join(folder, 'with-checkpoint');
    const { publicKey, sign } = createSigner('audit-signing-key-of-the-tests-0123456789');
    const payload = JSON.stringify({
      v: 1,
      n: 1,
      at: '2026-11-01T00:00:00.000Z',
      prev: '',
      kind: 'heads',
      heads: [],
    });
    const checkpoint = { n: 1, payload, signature: sign(payload) };
    await checkpointFile(dataDir).append([{ public_key: publicKey }, checkpoint]);
    const cut = await run(['audit', 'verify'], { ...database, ACTP_DATA_DIR: dataDir });
    expect(cut.code).toBe(1);
    expect(cut.out).toMatch(/^AUDIT LOG TAMPERED OR INCOMPLETE: .*\nfirst bad: \{.*checkpoint/);
  });

  it('says that the log is intact, or ends with 1 and names the first bad row', async () => {
    const insert =
      "insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')";
    for (let row = 0; row < 3; row += 1) await stores.sql.query(insert);
    const intact = await run(['audit', 'verify'], database);
    expect(intact).toMatchObject({ code: 0, problem: '' });
    expect(intact.out).toMatch(
      /^Audit log intact: 3 rows checked, [\d,]+ per second\nhead: .*\ncheckpoint: none yet\n$/,
    );

    const client = await stores.sql.connect();
    try {
      await client.query('set session_replication_role = replica');
      await client.query("update actp_agent_audit_log set status = 'failed' where chain_seq = 1");
    } finally {
      client.release(true);
    }
    const changed = await run(['audit', 'verify'], database);
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/^AUDIT LOG TAMPERED OR INCOMPLETE: .*\nfirst bad: \{.*"/);
  });
});

describe('npm run evaluate', () => {
  it('has nothing to do without data, and reads a folder that counts from where it is called', async () => {
    const none = await run(['evaluate', 'injection', 'nothing-here']);
    expect(none).toMatchObject({ code: 0, problem: '' });
    expect(none.out).toContain(`There is no injection.jsonl in ${join(folder, 'nothing-here')}`);
    await writeFile(join(folder, 'injection.jsonl'), 'no row\n');
    expect((await run(['evaluate', 'injection', '.'])).code).toBe(2);
  });
});

describe('a file of samples that cannot be used', () => {
  it.each([
    [
      ['evaluate', 'injection', 'samples'],
      'injection.jsonl: the file cannot be read (EISDIR): it is a directory',
    ],
    [['evaluate', 'redaction', 'samples'], 'secrets.jsonl: a line is not valid JSON'],
    [['train', 'samples'], 'injection.jsonl: the file cannot be read (EISDIR): it is a directory'],
  ])('is named, with what is wrong with it: %j', async (words, message) => {
    const samples = join(folder, 'samples');
    await mkdir(join(samples, 'injection.jsonl'), { recursive: true });
    await writeFile(join(samples, 'secrets.jsonl'), 'junk\n');
    const { code, problem } = await run(words);
    expect({ code, problem }).toEqual({ code: 2, problem: `${join(samples, message)}\n` });
  });
});
