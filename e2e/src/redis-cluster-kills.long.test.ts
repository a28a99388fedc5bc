import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { makeCertificate } from '@actp/testing/certificates';
import { debianProgram } from '@actp/testing/debian-program';
import { eventually } from '@actp/testing/eventually';
import { openRedisCluster, type RedisCluster } from '@actp/testing/redis-cluster';
import { cutLink, isFollowing, mendLink } from '@actp/testing/redis-server';
import { openStores } from '@actp/testing/stores';
import { json, openGateway } from './gateway-process.fixture.ts';

const kills = 10;
const cutAtKill = 5;
const callers = 16;

const valkey = await debianProgram('valkey-server', ['valkey-server', 'valkey-tools']).catch(() => undefined);
if (valkey === undefined) process.stderr.write('SKIPPED: Valkey is not installed (valkey-server)\n');
const programs = [
  { name: 'Redis', program: undefined },
  ...(valkey === undefined ? [] : [{ name: 'Valkey', program: valkey.file }]),
];

/** The servers that have the keys of a queue: who is the primary now, and who follows. */
async function shardOf({ primaries, replicas, servers }: RedisCluster, queue: string) {
  const slot = Number(await servers[0]?.admin.cluster('KEYSLOT', `{actp-${queue}}`));
  const index = Math.floor(slot / Math.ceil(16_384 / primaries.length));
  const pair = [primaries[index], replicas[index]].filter((server) => server !== undefined);
  const roles = await Promise.all(pair.map(({ admin }) => admin.info('replication')));
  const [primary, replica] = roles[0]?.includes('role:master') === true ? pair : pair.toReversed();
  if (primary === undefined || replica === undefined)
    throw new Error('two servers for each share of the slots');
  return { primary, replica };
}

const settingsOf = (cluster: RedisCluster, ca: string) => ({
  REDIS_URL: '',
  REDIS_CLUSTER_NODES: cluster.nodes,
  NODE_EXTRA_CA_CERTS: ca,
  RATE_LIMIT_PER_MINUTE: '1000000',
  RATE_LIMIT_PER_AGENT: '1000000',
  AUDIT_QUEUE_LIMIT: '1000000',
});

it.each(programs)(
  'a primary of a cluster of $name with password and TLS is killed ten times, once with its replica cut off: nothing acknowledged is lost',
  async ({ program }) => {
    const stores = await openStores();
    const certificate = await makeCertificate('IP:127.0.0.1,DNS:localhost');
    const cluster = await openRedisCluster({
      primaries: 3,
      replicas: 3,
      nodeTimeoutMs: 3_000,
      certificate,
      program,
    });
    const settings = settingsOf(cluster, certificate.ca);
    const gateway = await openGateway(stores, { settings });

    const events: string[] = [];
    const decisions: string[] = [];
    const jobs: string[] = [];
    const counts = { acknowledged: 0, refused: 0, other: 0 };
    const failures = new Set<string>();
    const over = new AbortController();

    async function call(turn: number): Promise<void> {
      const id = randomUUID();
      const kind = turn % 10;
      const path = kind === 0 ? '/v1/jobs/selftest' : kind === 1 ? '/v1/guard' : '/v1/audit/events';
      const body =
        kind === 0
          ? json({}, { 'idempotency-key': id })
          : json(
              kind === 1
                ? { action: 'kills.try', details: {} }
                : { event_id: id, agent_id: 'kills', action_type: 'ads.deploy', status: 'ok' },
            );
      const answer = await gateway.fetch(path, body);
      const text = await answer.text();
      if (answer.status === 503) counts.refused += 1;
      else if (!answer.ok) {
        counts.other += 1;
        failures.add(`${path} ${answer.status} ${text.slice(0, 200)}`);
      } else {
        counts.acknowledged += 1;
        if (kind === 0) jobs.push((JSON.parse(text) as { job_id: string }).job_id);
        else if (kind === 1) decisions.push(answer.headers.get('x-request-id') ?? '');
        else events.push(id);
      }
    }
    const load = Array.from({ length: callers }, async (_, caller) => {
      for (let turn = caller; !over.signal.aborted; turn += 1) {
        await call(turn).catch((error: unknown) => failures.add(String(error)));
        await delay(10);
      }
    });
    const flows = async () => {
      const [e, j] = [events.length, jobs.length];
      await eventually(() => events.length > e + callers && jobs.length > j);
    };

    for (let kill = 0; kill < kills; kill += 1) {
      await flows();
      const { primary, replica } = await shardOf(cluster, kill % 2 === 0 ? 'audit' : 'selftest');
      if (kill === cutAtKill) {
        await cutLink(primary, replica);
        const refused = counts.refused;
        await eventually(() => counts.refused > refused + callers);
      }
      await primary.kill();
      await eventually(async () => (await replica.admin.info('replication')).includes('role:master'));
      if (kill === cutAtKill) await mendLink(replica);
      await primary.start();
      await eventually(() => isFollowing(primary));
    }
    await flows();
    over.abort();
    await Promise.all(load);

    // Until now everything was in Redis alone.
    const auditor = spawn(process.execPath, ['apps/auditor/src/main.ts'], {
      cwd: join(import.meta.dirname, '../..'),
      env: {
        PATH: process.env['PATH'],
        ...stores.env,
        ...settings,
        REDIS_SENTINELS: '',
        REDIS_MIN_REPLICAS: '',
        AUDIT_SIGNING_KEY: 'signing-key-of-the-tests-0123456789abcdef',
      },
      stdio: 'ignore',
    });
    atEnd(() => auditor.kill('SIGKILL'));
    const missing = async (column: string, ids: readonly string[]) => {
      const { rows } = await stores.sql.query<{ found: string }>(
        `select distinct ${column}::text as found from actp_agent_audit_log where ${column}::text = any($1)`,
        [ids],
      );
      return ids.length - rows.length;
    };
    const lost = async () => ({
      events: await missing('event_id', events),
      decisions: await missing('request_id', decisions),
    });
    await eventually(async () => Object.values(await lost()).every((n) => n === 0), {
      within: 180_000,
    }).catch(() => undefined);
    const found = await Promise.all(
      jobs.map(async (id) => (await gateway.fetch(`/v1/jobs/selftest/${id}`)).status === 200),
    );
    const result = { ...counts, ...(await lost()), jobs: found.filter((there) => !there).length };
    console.log(
      `acknowledged ${counts.acknowledged} (${events.length} events, ${decisions.length} decisions, ${jobs.length} jobs), refused ${counts.refused}, lost`,
      result,
    );
    expect([...failures]).toEqual([]);
    expect(result).toMatchObject({ events: 0, decisions: 0, jobs: 0, other: 0 });
  },
);
