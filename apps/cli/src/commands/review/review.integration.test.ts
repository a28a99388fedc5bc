import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { registerApps } from '@actp/db/access/register-apps';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { commands } from '../../commands.ts';
import { runCli } from '../../run-cli.ts';
import type { Report } from './review-now.ts';

const stores = await openStores();
const DATABASE_APP_SECRET = randomBytes(32).toString('base64url');
await registerApps({ databaseUrl: stores.env.DATABASE_URL, secret: DATABASE_APP_SECRET });
const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, REDIS_URL } = stores.env;
const running = { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, REDIS_URL, DATABASE_APP_SECRET };

const root = await mkdtemp(join(tmpdir(), 'actp-review-'));
atEnd(() => rm(root, { recursive: true, force: true }));
const put = async (path: string, content: string) => {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), content);
};
const rules = 'rules: { min_age_days: 0, secrets: { history: false } }\n';
await put(
  'config/projects.yaml',
  `projects:\n  - { name: shop, path: shop, ecosystems: [pip] }\n  - { name: fine, path: fine, ecosystems: [pip] }\n${rules}`,
);
const sha256 = `sha256:${'a'.repeat(64)}`;
await put(
  'shop/poetry.lock',
  `[[package]]\nname = "reqeusts"\nversion = "1.0"\nfiles = [{file = "reqeusts-1.0-py3-none-any.whl", hash = "${sha256}"}]\n\n[metadata]\nlock-version = "2.1"\n`,
);
await put(
  'fine/poetry.lock',
  `[[package]]\nname = "requests"\nversion = "1.0"\nfiles = [{file = "requests-1.0-py3-none-any.whl", hash = "${sha256}"}]\n\n[metadata]\nlock-version = "2.1"\n`,
);
// A pip-audit that knows of nothing.
await put(
  'bin/pip-audit',
  `#!/bin/sh\necho '{"dependencies": [{"name": "requests", "version": "1.0", "vulns": []}, {"name": "reqeusts", "version": "1.0", "vulns": []}]}'\n`,
);
await chmod(join(root, 'bin/pip-audit'), 0o755);

async function review(words: readonly string[], env: Record<string, string> = {}) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const code = await runCli(['review', ...words], commands, {
    root,
    environment: { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, ...env },
    input: process.stdin,
    out: out as unknown as NodeJS.WriteStream,
    err: err as unknown as NodeJS.WriteStream,
  });
  out.end();
  err.end();
  return { code, out: await text(out), err: await text(err) };
}

describe('[SEC-017] npm run review', () => {
  it('ends with 1 when there are open findings that are high, and shows them first', async () => {
    const { code, out } = await review([]);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toMatch(
      /^high {6}shop {2}typosquat {7}reqeusts is one letter away from requests$/,
    );
    expect(out).toContain('not kept: no plane runs here');
  });

  it('ends with 0 when there is nothing, for one project', async () => {
    const { code, out } = await review(['--project', 'fine']);
    expect(out).toContain('No open findings; everything could be looked at');
    expect(code).toBe(0);
  });

  it('ends with 2 when something could not be looked at, and names it', async () => {
    const { code, out } = await review(['--project', 'fine'], { PATH: '/usr/bin:/bin' });
    expect(out).toMatch(/pip-audit +unavailable +poetry\.lock: pip-audit is not installed/);
    expect(code).toBe(2);
    expect(await review(['--project', 'nobody'])).toMatchObject({
      code: 2,
      err: 'PROJECTS_CONFIG has no project nobody.\n',
    });
  });

  it('prints JSON, and leaves an accepted finding out of the verdict', async () => {
    const { out } = await review(['--json', '--project', 'shop']);
    const report = JSON.parse(out) as Report;
    expect(report).toMatchObject({
      projects: ['shop'],
      recorded: false,
      findings: [{ kind: 'typosquat', severity: 'high', state: 'open' }],
    });
    await put(
      'config/accepted-findings.yaml',
      `- { finding: ${report.findings[0]?.id}, reason: "a name of our own", until: 2099-01-01 }\n`,
    );
    const { code, out: lines } = await review(['--project', 'shop']);
    expect(lines).toContain('No open findings; 1 accepted');
    expect(code).toBe(0);
    await put('config/accepted-findings.yaml', '[]\n');
  });

  it('is kept by the running plane, under the same ids', async () => {
    const alone = JSON.parse((await review(['--json', '--project', 'shop'])).out) as Report;
    const { code, out } = await review(['--json', '--project', 'shop'], running);
    const kept = JSON.parse(out) as Report;
    expect(code).toBe(1);
    expect(kept.recorded).toBe(true);
    expect(kept.findings.map(({ id }) => id)).toEqual(alone.findings.map(({ id }) => id));
    const { rows } = await stores.sql.query<{ id: string }>('select id from actp_findings');
    expect(rows.map(({ id }) => id)).toEqual(alone.findings.map(({ id }) => id));
  });
});

describe('[SEC-017] npm run review of what strangers wrote', () => {
  const unseen = /(?!\n)[\p{Cc}\p{Cf}]/u;

  it('sends nothing to a terminal that it obeys, as text and as JSON', async () => {
    const folder = 'odd/\u001B[2J\u009B31m\u202Efolder';
    const name = String.raw`\u001B]0;title\u0007\u202E\u009B2J\u200B${'n'.repeat(4_096)}`;
    await put(
      `${folder}/poetry.lock`,
      `[[package]]\nname = "${name}"\nversion = "1.0\\u001B[31m"\n[[package]]\nname = "requests\\u200B"\nversion = "1"\n`,
    );
    await put(
      `${folder}/leak\u001B[31m\u202E.ts`,
      `const token = '${['ghp', 'Xk29fLq7ZtWv3RbN8mYc5HsJd1GpEa6UoT4i'].join('_')}';\n`,
    );
    await put(`${folder}/uv.lock`, 'nothing of that kind');
    await put('config/odd.yaml', `projects:\n  - { name: odd, path: odd, ecosystems: [pip] }\n${rules}`);
    const environment = { PROJECTS_CONFIG: 'config/odd.yaml' };
    const text = await review([], environment);
    const json = await review(['--json'], environment);
    expect(text.out).toMatch(/github-pat in .*leak/);
    expect(text.out).toContain('requests⟦U+200B⟧ looks like requests');
    expect((JSON.parse(json.out) as Report).findings.length).toBeGreaterThan(2);
    for (const { out, err } of [text, json]) expect(out + err).not.toMatch(unseen);
    for (const line of text.out.split('\n')) expect(line.length).toBeLessThan(1_200);
  });

  it('shows no escapes of its arguments in errors', async () => {
    for (const words of [
      ['--project', '\u001B[2Jx'],
      ['--gate', '--before', '\u001B[2Jx', '--after', '\u202Ey'],
      ['--\u001B[2J'],
      ['\u009B2J'],
    ]) {
      const { out, err } = await review(words);
      expect(err).not.toBe('');
      expect(out + err).not.toMatch(unseen);
    }
  });
});
