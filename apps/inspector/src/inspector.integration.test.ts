import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { listFindings, listReviews } from '@actp/services/findings/list';
import { catalogue, type Result } from '@actp/shared/jobs/catalogue';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { startInspector } from './inspector.ts';

const stores = await openStores();
const rootDir = await mkdtemp(join(tmpdir(), 'actp-inspector-'));
const log = createLogger({ app: 'test', level: 'silent' });
const db = createDb(stores.env, 'inspector', 20_000);
const producer = createProducer({ redis: stores.env, log });

const lockFile = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
const digestOf = (letter: string) => `sha512-${letter.repeat(86)}==`;
const safe = { version: '1.0.0', integrity: digestOf('a') };
const put = async (path: string, text: string) => {
  await mkdir(join(rootDir, path, '..'), { recursive: true });
  await writeFile(join(rootDir, path), text);
};
await put(
  'config/projects.yaml',
  'projects:\n  - { name: shop, path: shop, ecosystems: [npm] }\nrules: { min_age_days: 0, secrets: { history: false } }\n',
);
await put('config/selftest.yaml', 'services: []\nsuites: []\n');
await put(
  'shop/package-lock.json',
  lockFile({ 'node_modules/lodahs': safe, 'node_modules/quiet': { version: '1.0.0' } }),
);
await put(
  'osv/npm/MAL-2026-9.json',
  JSON.stringify({
    id: 'MAL-2026-9',
    summary: 'steals keys',
    affected: [{ package: { ecosystem: 'npm', name: 'evil' }, versions: ['6.6.6'] }],
  }),
);
await mkdir(join(rootDir, 'bin'));

const inspector = await startInspector(
  {
    ...stores.env,
    ACTP_DATA_DIR: join(rootDir, 'data'),
    PROJECTS_CONFIG: 'config/projects.yaml',
    SELFTEST_CONFIG: 'config/selftest.yaml',
    OSV_DATA: 'osv',
  },
  log,
  // A machine without npm: its audit cannot be run.
  {
    rootDir,
    env: { PATH: join(rootDir, 'bin'), WORKER_SECRET: 'the secret of the plane' },
    rootPid: process.pid,
    acceptedEveryMs: 100,
  },
);
atEnd(async () => {
  await inspector.stop();
  await producer.close();
  await rm(rootDir, { recursive: true, force: true });
});
await eventually(() => producer.ping().then(() => true));

async function review(payload: object = { trigger: 'http' }): Promise<Result<'dependency-review'>> {
  const { id = '' } = await producer.add(
    'dependency-review',
    catalogue['dependency-review'].payload.parse(payload),
  );
  const value = await eventually(async () => {
    const job = await producer.use('inspect', (queue) => queue.getJob(id));
    return job?.returnvalue ? (job.returnvalue as unknown) : false;
  });
  return value as Result<'dependency-review'>;
}
const messages = async (kind: string) => {
  const { rows } = await stores.sql.query<{ body: string }>(
    'select body from actp_notifications where kind = $1 order by created_at',
    [kind],
  );
  return rows.map(({ body }) => body);
};
const open = async () =>
  (await listFindings(db, { state: 'open', project: 'shop', limit: 100 })).map(
    ({ finding }) => `${finding.kind} ${finding.package}`,
  );

describe('[SEC-017] a review of the configured projects', () => {
  it('keeps what each source has found, and says what could not be looked at', async () => {
    expect(await review()).toMatchObject({ projects: 1, open: { critical: 0, high: 1, medium: 1 } });
    expect((await open()).toSorted()).toEqual(['integrity quiet', 'typosquat lodahs']);
    expect(await listReviews(db, 'shop')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          source: 'npm-audit',
          verdict: 'unavailable',
          reason: expect.stringContaining('npm is not installed') as string,
        }),
        expect.objectContaining({ source: 'osv', verdict: 'clean' }),
        expect.objectContaining({ source: 'names', verdict: 'findings' }),
      ]),
    );
    const [told = '', ...others] = await messages('review.findings');
    expect(others).toEqual([]);
    expect(told).toContain('lodahs is one letter away from lodash');
    expect(told).not.toContain('quiet');
    expect(await messages('review.summary')).toEqual([]);
  });

  it('loses and doubles nothing when it runs again, also at the same time', async () => {
    const before = await listFindings(db, { project: 'shop', limit: 100 });
    expect(await Promise.all([review(), review()])).toMatchObject([
      { new: 0, fixed: 0 },
      { new: 0, fixed: 0 },
    ]);
    const after = await listFindings(db, { project: 'shop', limit: 100 });
    expect(after.map(({ finding }) => finding.id)).toEqual(before.map(({ finding }) => finding.id));
    expect(await messages('review.findings')).toHaveLength(1);
  });

  it('sends a summary when somebody in Telegram has asked for it, or a week is over', async () => {
    await review({ trigger: 'telegram' });
    const [body = ''] = await messages('review.summary');
    expect(body).toContain('Open: 1 high, 1 medium');
    expect(body).toContain('Could not be looked at:');
    expect(body).toContain('npm is not installed');
  });

  it('finds malware that is added, and counts as fixed what is gone', async () => {
    await put(
      'shop/package-lock.json',
      lockFile({ 'node_modules/quiet': safe, 'node_modules/evil': { ...safe, version: '6.6.6' } }),
    );
    expect(await review()).toMatchObject({ new: 1, fixed: 2, open: { critical: 1, high: 0 } });
    expect(await open()).toEqual(['malware evil']);
    expect((await messages('review.findings')).at(-1)).toContain(
      '• critical: evil 6.6.6: steals keys (MAL-2026-9)',
    );
  });

  it('finds another content under the same version, and a script that a new version brings', async () => {
    await put(
      'shop/package-lock.json',
      lockFile({
        'node_modules/quiet': { ...safe, integrity: digestOf('b') },
        'node_modules/evil': { ...safe, version: '6.6.7', hasInstallScript: true },
      }),
    );
    await review();
    expect((await open()).toSorted()).toEqual(['install_script evil', 'integrity quiet']);
  });

  it('of a lock file that cannot be read takes nothing away', async () => {
    await put('shop/package-lock.json', '{"lockfileVersion": 3, "packa');
    await review();
    expect(await listReviews(db, 'shop')).toEqual(
      expect.arrayContaining([expect.objectContaining({ source: 'lock-files', verdict: 'unavailable' })]),
    );
    expect((await open()).toSorted()).toEqual(['install_script evil', 'integrity quiet']);
  });

  it('of which one lock file cannot be read takes nothing of that one away', async () => {
    await put('shop/part/package-lock.json', lockFile({ 'node_modules/harmless': safe }));
    await review();
    expect((await open()).toSorted()).toEqual(['install_script evil', 'integrity quiet']);
  });

  it('with a configuration that cannot be used says so', async () => {
    await put('config/projects.yaml', 'projects:\n  - { name: shop, path: shop, ecosystem: [npm] }\n');
    expect(await review()).toMatchObject({ projects: 0 });
    const row = (await listReviews(db, 'plane')).find(({ source }) => source === 'configuration');
    expect(row).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('PROJECTS_CONFIG:2') as string,
    });
  });

  it('accepts findings by the file, without a review', async () => {
    const [first] = await listFindings(db, { state: 'open', project: 'shop', limit: 1 });
    const id = first?.finding.id ?? '';
    await put(
      'config/accepted-findings.yaml',
      `- { finding: ${id}, reason: "looked at by hand", until: 2099-12-31 }\n`,
    );
    await eventually(async () => (await listFindings(db, { state: 'accepted', limit: 1 })).length === 1);
    await put('config/accepted-findings.yaml', '[]\n');
    await eventually(async () => (await listFindings(db, { state: 'accepted', limit: 1 })).length === 0);
  });

  it.each([
    ['an end that is none', 'until: 9999'],
    ['no end', 'ever: true'],
    ['a broken line', 'until: ['],
  ])('accepts nothing by a file with %s: what was accepted is open again', async (_, end) => {
    const [first] = await listFindings(db, { state: 'open', project: 'shop', limit: 1 });
    const id = first?.finding.id ?? '';
    const line = (until: string) => `- { finding: ${id}, reason: "looked at by hand", ${until} }\n`;
    await put('config/accepted-findings.yaml', line('until: 2099-12-31'));
    await eventually(async () => (await listFindings(db, { state: 'accepted', limit: 1 })).length === 1);
    await put('config/accepted-findings.yaml', line(end));
    await eventually(async () => (await listFindings(db, { state: 'accepted', limit: 1 })).length === 0);
    const again = await listFindings(db, { state: 'open', project: 'shop', limit: 100 });
    expect(again.map(({ finding }) => finding.id)).toContain(id);
    await put('config/accepted-findings.yaml', '[]\n');
  });

  it('has a line in the audit log', async () => {
    const { rows } = await stores.sql.query(
      `select distinct agent_id, status from actp_agent_audit_log where action_type = 'job.dependency-review'`,
    );
    expect(rows).toEqual([{ agent_id: 'inspector', status: 'ok' }]);
  });

  it('[SEC-020] gives the tools that it runs nothing that opens the plane', async () => {
    await put(
      'config/projects.yaml',
      'projects:\n  - { name: shop, path: shop, ecosystems: [npm] }\nrules: { min_age_days: 0, secrets: { history: false } }\n',
    );
    const npm = join(rootDir, 'bin', 'npm');
    await writeFile(npm, `#!/bin/sh\n/usr/bin/env >> '${rootDir}/seen'\nexit 1\n`, { mode: 0o755 });
    await review();
    const seen = await readFile(join(rootDir, 'seen'), 'utf8');
    expect(seen).toMatch(/^PATH=/m);
    expect(seen).not.toContain('the secret of the plane');
  });
});
