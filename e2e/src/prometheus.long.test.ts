import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operatorToken, type TestGateway } from './gateway-process.fixture.ts';

/*
 * Debian's Prometheus, with the files of deploy/prometheus: its configuration with another address, a scrape with the key of an agent of its own,
 * and every rule. It installs the package when it is missing and may be installed.
 */
const installed = hasPrometheus() || (install(), hasPrometheus());
if (!installed) process.stderr.write('SKIPPED: Prometheus is not installed (apt-get install prometheus)\n');

function hasPrometheus(): boolean {
  return ['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0);
}

function install(): void {
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'prometheus'], { stdio: 'ignore' });
}

const files = join(import.meta.dirname, '../../deploy/prometheus');
const folder = mkdtempSync(join(tmpdir(), 'actp-prometheus-'));
atEnd(() => rmSync(folder, { recursive: true, force: true }));
const output = (program: string, ...words: string[]) =>
  execFileSync(program, words, { cwd: folder, encoding: 'utf8' });

describe.skipIf(!installed)('Prometheus', () => {
  let gateway: TestGateway;
  let url: string;
  beforeAll(async () => {
    const stores = await openStores();
    gateway = await openGateway(stores);
    cpSync(files, folder, { recursive: true });
    const token = await operatorToken(gateway);
    const made = await gateway.fetch(
      '/v1/agents',
      json({ id: 'prometheus' }, { authorization: `Bearer ${token}` }),
    );
    const { key } = (await made.json()) as { key: string };
    writeFileSync(join(folder, 'credentials'), key, { mode: 0o600 });
    const config = readFileSync(join(folder, 'prometheus.yml'), 'utf8');
    const quick = config
      .replaceAll(/_interval: 15s/g, '_interval: 5s')
      .replace('scrape_timeout: 10s', 'scrape_timeout: 5s');
    writeFileSync(
      join(folder, 'prometheus.yml'),
      quick.replace('127.0.0.1:8787', `127.0.0.1:${gateway.port}`),
    );
    const port = await ownPort();
    const server = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    atEnd(async () => {
      if (server.exitCode !== null) return;
      server.kill('SIGTERM');
      await once(server, 'exit');
    });
    url = `http://127.0.0.1:${port}/api/v1`;
  });

  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${url}${path}`);
    return ((await answer.json()) as { data: T }).data;
  };

  it('[OPS-003] promtool accepts the rules, the configuration and what is exported', async () => {
    expect(output('promtool', 'check', 'rules', 'alerts.yml')).toMatch(/SUCCESS: \d+ rules found/);
    expect(output('promtool', 'check', 'config', 'prometheus.yml')).toContain('SUCCESS');
    const text = await (await gateway.fetch('/metrics')).text();
    const lint = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    // What prom-client itself exports is not ours to name.
    expect(lint.stderr.split('\n').filter((line) => line.startsWith('actp_'))).toEqual([]);
  });

  it('[OPS-003] a scrape with the key of an agent works', async () => {
    const up = await eventually(async () => {
      const { activeTargets } = await ask<{ activeTargets: Array<{ health: string; lastError: string }> }>(
        '/targets',
      );
      const [target] = activeTargets;
      return target?.health === 'up' && target;
    });
    expect(up.lastError).toBe('');
    const { result } = await eventually(async () => {
      const found = await ask<{ result: Array<{ metric: { check: string }; value: [number, string] }> }>(
        '/query?query=actp_ready',
      );
      return found.result.length > 0 && found;
    });
    expect(Object.fromEntries(result.map(({ metric, value }) => [metric.check, value[1]]))).toMatchObject({
      redis: '1',
      supabase: '1',
      workers: '0',
    });
  });

  it('[OPS-003] every rule is evaluated, and the one for a missing worker is pending', async () => {
    const rules = await eventually(async () => {
      const { groups } = await ask<{
        groups: Array<{ rules: Array<{ name: string; health: string; state: string; lastError?: string }> }>;
      }>('/rules');
      const all = groups.flatMap((group) => group.rules);
      return (
        all.length > 0 &&
        all.every(({ health }) => health === 'ok') &&
        all.some(({ name, state }) => name === 'ActpPartDown' && state === 'pending') &&
        all
      );
    });
    expect(rules.filter(({ lastError }) => lastError !== undefined)).toEqual([]);
  });
});
