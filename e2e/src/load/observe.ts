import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { slopePerHour, type Sample } from './slope.ts';

/** How something was at the beginning and at the end of the load, and by how much it grows. */
export interface Trend {
  name: string;
  unit: 'MB' | 'count';
  first: number;
  last: number;
  most: number;
  /** Of the second half: the first is the warming up. */
  perHour: number;
}

export interface ObserverDeps {
  /** Processes by the name of their part; none when the plane runs elsewhere. */
  processes: () => Promise<Record<string, number[]>>;
  redisUrl: string | undefined;
  databaseUrl: string | undefined;
  everyMs: number;
}

const megabyte = 1_048_576;
const pageBytes = 4_096;

/** Looks at what the plane uses, until it is told to stop. */
export function observe(deps: ObserverDeps): { stop(): Promise<Trend[]> } {
  const begun = performance.now();
  const series = new Map<string, { unit: Trend['unit']; samples: Sample[] }>();
  const note = (name: string, unit: Trend['unit'], value: number) => {
    const known = series.get(name) ?? { unit, samples: [] };
    known.samples.push({ atMs: performance.now() - begun, value });
    series.set(name, known);
  };
  const redis =
    deps.redisUrl === undefined ? undefined : new Redis(deps.redisUrl, { maxRetriesPerRequest: 1 });
  redis?.on('error', () => undefined);
  const database =
    deps.databaseUrl === undefined ? undefined : new pg.Pool({ connectionString: deps.databaseUrl, max: 1 });
  database?.on('error', () => undefined);

  async function look(): Promise<void> {
    for (const [part, pids] of Object.entries(await deps.processes())) {
      const of = await Promise.all(pids.map(processFacts));
      note(`memory ${part}`, 'MB', sum(of.map(({ rss }) => rss)) / megabyte);
      note(`file descriptors ${part}`, 'count', sum(of.map(({ descriptors }) => descriptors)));
    }
    if (redis) {
      note('redis keys', 'count', await redis.dbsize());
      const [, used = '0'] = /used_memory:(\d+)/.exec(await redis.info('memory')) ?? [];
      note('redis memory', 'MB', Number(used) / megabyte);
    }
    if (database) {
      const { rows } = await database.query<{ name: string; bytes: string }>(tableSizes);
      for (const { name, bytes } of rows) note(`table ${name}`, 'MB', Number(bytes) / megabyte);
    }
  }

  const stop = new AbortController();
  const looking = (async () => {
    while (!stop.signal.aborted) {
      await look().catch(() => undefined);
      await delay(deps.everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    await look().catch(() => undefined);
  })();
  return {
    async stop() {
      stop.abort();
      await looking;
      redis?.disconnect();
      await database?.end();
      return [...series].map(([name, { unit, samples }]) => trendOf(name, unit, samples));
    },
  };
}

// The days of the audit log count as one table. What is small and stays so is left out of the report.
const tableSizes = `
  select case when c.relispartition then 'actp_agent_audit_log' else c.relname end as name, sum(pg_total_relation_size(c.oid)) as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and (n.nspname like 'actp\\_%' or c.relname like 'actp\\_%')
  group by 1 having sum(pg_total_relation_size(c.oid)) > 200000 order by 1`;

async function processFacts(pid: number): Promise<{ rss: number; descriptors: number }> {
  try {
    const [, resident = '0'] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
    return { rss: Number(resident) * pageBytes, descriptors: (await readdir(`/proc/${pid}/fd`)).length };
  } catch {
    return { rss: 0, descriptors: 0 }; // it ended meanwhile
  }
}

function trendOf(name: string, unit: Trend['unit'], samples: readonly Sample[]): Trend {
  const values = samples.map(({ value }) => value);
  return {
    name,
    unit,
    first: values[0] ?? 0,
    last: values.at(-1) ?? 0,
    most: Math.max(...values),
    perHour: slopePerHour(samples.slice(Math.floor(samples.length / 2))),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
