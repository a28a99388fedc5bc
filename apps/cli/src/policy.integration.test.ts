import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registerApps } from '@actp/db/access/register-apps';
import { createDb } from '@actp/db/client';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { runCliProcess } from './cli-process.fixture.ts';
import { writeDecision } from './decisions.fixture.ts';

const stores = await openStores();
const root = resolve(import.meta.dirname, '../../..');
const folder = await mkdtemp(join(tmpdir(), 'actp-policy-command-'));
atEnd(() => rm(folder, { recursive: true }));
const shipped = await readFile(join(root, 'config', 'policy.yaml'), 'utf8');
const DATABASE_APP_SECRET = randomBytes(32).toString('base64url');
await registerApps({ databaseUrl: stores.env.DATABASE_URL, secret: DATABASE_APP_SECRET });
const env = {
  SUPABASE_URL: stores.env.SUPABASE_URL,
  SUPABASE_SERVICE_ROLE_KEY: stores.env.SUPABASE_SERVICE_ROLE_KEY,
  DATABASE_APP_SECRET,
  POLICY_FILE: 'config/policy.yaml',
};

const policy = (...words: string[]) => runCliProcess(['policy', ...words], { cwd: folder, env });

async function saved(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

describe('npm run policy', () => {
  it('check says that the file in use is valid', async () => {
    const { code, out } = await policy('check');
    expect(code).toBe(0);
    expect(out).toMatch(/^config\/policy\.yaml is valid: 9 gates, default allow, version [0-9a-f]{16}\n$/);
  });

  it('check names every bad line, and ends with 1', async () => {
    const bad = shipped.replace('recipients > 10', 'recipients >').replace("'email.*'", "'E mail'");
    const { code, out } = await policy('check', await saved('bad.yaml', bad));
    expect(code).toBe(1);
    expect(out).toMatch(/^bad\.yaml: line \d+: gates\.1\.when: is not a valid condition/m);
    expect(out).toMatch(/^bad\.yaml: line \d+: gates\.4\.action: must be an action name/m);
    expect(await policy('check', 'none.yaml')).toMatchObject({
      code: 1,
      out: 'none.yaml: there is no such file\n',
    });
  });

  it('check names what stands behind a tab, each once', async () => {
    const gates =
      '  - { action: a, effect: deny }\n\t- { action: b, effect: deny }\n  - { action: c, effect: dny }\n';
    const bad = `version: 1\ntools: { allow: [] }\ngates:\n${gates}defaults: { effect: perhaps }\n`;
    const { code, out } = await policy('check', await saved('tab.yaml', bad));
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toEqual([
      'tab.yaml: line 5: Tabs are not allowed as indentation',
      expect.stringContaining('tab.yaml: line 6: gates.2.effect: '),
      expect.stringContaining('tab.yaml: line 7: defaults.effect: '),
    ]);
  });

  it('explain gives the decision and its reasons', async () => {
    expect((await policy('explain', 'stripe.charge', '{"amount_usd":500}')).out).toMatch(
      /^require_approval, by gate:stripe\.charge .*\n {2}approval_required: .* details\.amount_usd > 100\n$/,
    );
    expect((await policy('explain', 'report.read')).out).toMatch(/^allow, .*\n {2}no rule objects\n$/);
    expect((await policy('explain', 'report.read', '--cost', '1001')).out).toMatch(
      /^deny, by MAX_SPEND_PER_TASK/,
    );
  });

  it.each<[string, string[]]>([
    ['no command', []],
    ['another command', ['chek']],
    ['no action', ['explain']],
    ['a bad action', ['explain', 'a b']],
    ['bad details', ['explain', 'a', '[1]']],
    ['a bad number', ['explain', 'a', '--cost', 'x']],
    ['an unknown option', ['check', '--fast']],
  ])('ends with 2 and says how it is used: %s', async (_why, words) => {
    const { code, problem } = await policy(...words);
    expect(code).toBe(2);
    expect(problem).toContain('Try: npm run policy -- --help');
  });

  it('diff says what a new file changes, for the audit log or for a file', async () => {
    const db = createDb(stores.env, 'gateway', 20_000);
    for (const amount_usd of [20, 50, 80, 150]) await writeDecision(db, 'stripe.charge', { amount_usd });
    await writeDecision(db, 'a', { text: 'y'.repeat(20_000) });
    const stricter = await saved('new.yaml', shipped.replace('amount_usd > 100', 'amount_usd > 40'));
    const { code, out } = await policy('diff', stricter);
    expect(code).toBe(0);
    expect(out).toContain('4 requests of the audit log: 2 would be decided differently\n');
    expect(out).toContain(
      '  2 x stripe.charge: allow -> require_approval (defaults.effect -> gate:stripe.charge)\n',
    );
    expect(out).toContain('1 more cannot be decided again');
    expect((await policy('diff', stricter, '--last', '1')).out).toContain('0 requests of the audit log');

    const lines = [60, 30].map((amount_usd) =>
      JSON.stringify({ action: 'stripe.charge', details: { amount_usd } }),
    );
    await saved('requests.jsonl', `${lines.join('\n')}\n{"action_type":"auth.login","agent_id":"a"}\n`);
    expect((await policy('diff', stricter, '--from', 'requests.jsonl')).out).toContain(
      '2 requests of requests.jsonl: 1 would be decided differently\n',
    );
  });
});

describe('npm run policy with a file that cannot be used', () => {
  const inForce = join(root, 'config', 'policy.yaml');
  it.each<[string[], string]>([
    [['diff', 'none.yaml'], 'none.yaml: there is no such file\n'],
    [['diff', '.'], '.: the file cannot be read (EISDIR): it is a directory\n'],
    [['diff', 'empty.yaml'], 'empty.yaml: is not a valid policy\n    line 1: the file is empty\n'],
    [['diff', inForce, '--from', 'none.jsonl'], '--from none.jsonl: there is no such file\n'],
    [['diff', inForce, '--from', '.'], '--from .: the file cannot be read (EISDIR): it is a directory\n'],
    [['diff', inForce, '--from', 'empty.yaml'], '--from empty.yaml: there is no guard request in it.\n'],
    [['diff', inForce, '--from', 'text'], '--from text: line 1 is not valid JSON. '],
    [['explain', 'a', '--file', 'none.yaml'], `--file ${join(folder, 'none.yaml')}: there is no such file\n`],
  ])('names it, and what is wrong with it: %j', async (words, message) => {
    await saved('empty.yaml', '');
    await saved('text', 'hello\n');
    const { code, out, problem } = await policy(...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(problem).toContain(message);
    expect(problem).not.toContain('POLICY_FILE');
  });

  it('names POLICY_FILE only when it is that one', async () => {
    const given = { ...env, POLICY_FILE: '/nowhere.yaml' };
    const { code, problem } = await runCliProcess(['policy', 'diff', inForce], { cwd: folder, env: given });
    expect({ code, problem }).toEqual({
      code: 2,
      problem: 'POLICY_FILE (/nowhere.yaml): there is no such file\n',
    });
  });
});
