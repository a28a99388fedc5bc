import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway } from './gateway.fixture.ts';

const stores = await openStores();
// Telegram has a value only where it is configured.
const gateway = await openGateway(stores, { TELEGRAM_BOT_TOKEN: `1234567:${'x'.repeat(35)}` });
const root = join(import.meta.dirname, '../../..');
const file = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8');

/** Every series that is exported: its name, and which labels it has. */
let exported: Map<string, Set<string>>;
beforeAll(async () => {
  await gateway.fetch('/v1/guard', json({ action: 'ads.read', details: {} }));
  await stores.sql.query(`select note_telegram_refusal('-1', 'buttons', 'Bad Request: TOPIC_CLOSED')`);
  await stores.sql.query(
    `insert into actp_agent_health_snapshots (run_id, trigger, services_up, services_total, tests_passed, tests_total, status)
     values (gen_random_uuid(), 'http', 1, 1, 1, 1, 'passed')`,
  );
  await stores.sql.query(
    `insert into actp_audit.checkpoints (n, payload, signature) values (1, '{}', 'of a test')`,
  );
  exported = seriesIn(await metrics());
});

const metrics = async () => (await gateway.fetch('/metrics')).text();

function seriesIn(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of text.split('\n').filter((l) => l !== '' && !l.startsWith('#'))) {
    const [, name = '', labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    const names = [...labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label);
    found.set(name, new Set([...(found.get(name) ?? []), ...names]));
  }
  return found;
}

/** The metrics that an expression reads, with the labels by which it selects them. */
function metricsIn(expression: string): Array<{ name: string; labels: string[] }> {
  return [...expression.matchAll(/\b((?:actp|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', selected = '']) => ({
      name,
      labels: [...selected.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    }),
  );
}

// What Prometheus itself adds to every series.
const ofPrometheus = new Set(['job', 'instance']);
const unknownIn = (expression: string) =>
  metricsIn(expression).flatMap(({ name, labels }) => {
    const known = exported.get(name);
    if (known === undefined) return [name];
    return labels
      .filter((label) => !known.has(label) && !ofPrometheus.has(label))
      .map((label) => `${name}{${label}}`);
  });

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}
const rules = (parse(file('prometheus/alerts.yml')) as { groups: Array<{ rules: Rule[] }> }).groups.flatMap(
  (group) => group.rules,
);
interface Panel {
  title: string;
  type: string;
  targets?: Array<{ expr: string }>;
}
const dashboard = JSON.parse(file('grafana/dashboard.json')) as {
  panels: Panel[];
  templating: { list: Array<{ query: string | { query: string } }> };
};

describe('what an operator is given', () => {
  it.each(rules)('[OPS-003] the rule $alert reads what is exported', ({ expr, annotations, labels }) => {
    expect(metricsIn(expr).length + Number(expr.startsWith('up{'))).toBeGreaterThan(0);
    expect(unknownIn(expr)).toEqual([]);
    expect(unknownIn(annotations.summary)).toEqual([]);
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
  });

  it.each(dashboard.panels.filter(({ type }) => type !== 'row'))(
    '[OPS-003] the panel $title reads what is exported',
    ({ targets = [] }) => {
      expect(targets.length).toBeGreaterThan(0);
      for (const { expr } of targets) {
        expect(metricsIn(expr).length).toBeGreaterThan(0);
        expect(unknownIn(expr)).toEqual([]);
      }
    },
  );

  it('[OPS-003] everything of ours that is exported is on the dashboard or in a rule', () => {
    const read = [
      ...rules.map(({ expr }) => expr),
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ];
    const used = new Set(read.flatMap(metricsIn).map(({ name }) => name));
    const base = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '');
    const bases = new Set([...used].map(base));
    const ours = [...exported.keys()].filter((name) => name.startsWith('actp_'));
    expect(ours.filter((name) => !bases.has(base(name)))).toEqual([]);
  });

  it('[OPS-003] the page for operators explains every alert, and no other', () => {
    const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    const explained = [...page.matchAll(/^\| `(Actp\w+)` \|/gm)].map(([, name = '']) => name);
    expect(explained.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });

  it('[OPS-003] ids and expressions of panels are unique', () => {
    const titles = dashboard.panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

const valueOf = async (series: string): Promise<number | undefined> => {
  const line = (await metrics()).split('\n').find((l) => l.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

describe('GET /metrics', () => {
  it('[OPS-003] says how much waits for people, and for how long', async () => {
    expect(await valueOf('actp_approvals_pending')).toBe(0);
    expect(await valueOf('actp_approvals_oldest_seconds')).toBe(0);
    await gateway.fetch('/v1/approvals', json({ action: 'dm.bulk_send', details: { recipients: 25 } }));
    await stores.sql.query(`update actp_approval_queue set created_at = created_at - interval '1 hour'`);
    expect(await valueOf('actp_approvals_pending')).toBe(1);
    expect(await valueOf('actp_approvals_oldest_seconds')).toBeGreaterThanOrEqual(3_600);
  });

  it('[OPS-003] says how long the next job of a queue has existed', async () => {
    expect(await valueOf('actp_queue_oldest_seconds{queue="heal"}')).toBe(0);
    const { redis } = stores;
    await gateway.fetch('/v1/jobs/selftest', json({}));
    const key = (await redis.keys('*selftest:*')).find((k) => /selftest:\d+$/.test(k)) ?? '';
    expect(key).not.toBe('');
    await redis.hset(key, 'timestamp', Date.now() - 3_600_000);
    await eventually(
      async () => ((await valueOf('actp_queue_oldest_seconds{queue="selftest"}')) ?? 0) >= 3_600,
    );
  });

  it('[OPS-003] shows every status of tasks, and 0 where a part does not answer', async () => {
    expect(await valueOf('actp_tasks{status="awaiting_approval"}')).toBe(0);
    expect(await valueOf('actp_ready{check="redis"}')).toBe(1);
    expect(await valueOf('actp_ready{check="workers"}')).toBe(0);
  });
});
