import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type { Job } from 'bullmq';
import { createDb } from '@actp/db/client';
import { JobDeferred } from '@actp/shared/jobs/worker';
import { createLogger } from '@actp/shared/log';
import { eventually } from '@actp/testing/eventually';
import { SelftestConfig } from '@actp/suites/config/selftest-config';
import { runTests } from '@actp/suites/suite/run-suite';
import { createAcdClient } from './acd/acd-client.ts';
import { createGit } from './change/git.ts';
import type { HealBench } from './heal.fixture.ts';
import { createMortal, type Death } from './kills.fixture.ts';
import { createAskToApply } from './run/ask-to-apply.ts';
import type { HealDeps } from './run/heal-deps.ts';
import { createHealRun } from './run/heal-run.ts';
import { stateSuite } from './state-suite.fixture.ts';

export type Ending = 'failed' | 'verified' | 'proposed';

const log = createLogger({ app: 'test', level: 'silent' });
const limits = { max_attempts_per_day: 0, same_failure_hours: 0, breaker_failures: 0 };
// As long as nobody else has a hand on it, it only waits for the agent.
const pollMs = 5;

/**
 * One heal whose runner is killed when the agent has ended, and another one that takes over.
 *
 * @param death none: nobody is killed
 * @returns what the killed one called; what is left of the heal in the checkout, the database and the messages
 */
export async function tryKill(bench: HealBench, ending: Ending, death: Death | null) {
  const { suite, failedRun } = stateSuite(bench);
  const { sql, env } = bench.stores;
  await bench.write('state.txt', 'bad\n');
  if (!existsSync(join(bench.checkout, '.git'))) {
    await bench.git('init', '-q', '-b', 'main');
    await bench.git('add', '.');
    await bench.git('commit', '-q', '-m', 'begin');
  }
  const config = SelftestConfig.parse({
    suites: [suite()],
    heal: { ...limits, mode: ending === 'proposed' ? 'propose' : 'verify' },
  });
  const db = createDb(env, 'runner');
  const { APPROVAL_TTL_SECONDS: ttlSeconds, APPROVAL_GRANT_SECONDS: grantSeconds } = bench.settings();
  const deps: HealDeps = {
    db,
    producer: bench.producer,
    log,
    acd: createAcdClient({ url: bench.acd.url, token: undefined }),
    git: createGit(process.env),
    runTests: (...args) => runTests({ rootDir: bench.dir, env: process.env }, ...args),
    readConfig: () => Promise.resolve({ ok: true, config }),
    askToApply: createAskToApply({ db, policyFile: bench.settings().POLICY_FILE, ttlSeconds, grantSeconds }),
    rootDir: bench.dir,
    dataDir: resolve(bench.dir, 'data'),
    timings: { timeoutSeconds: 600, pollMs, graceSeconds: 60 },
  };
  const starts = bench.acd.harness.runs.length;
  const finished = Promise.withResolvers<void>();
  bench.work(async () => {
    await finished.promise;
    await bench.write('state.txt', ending === 'failed' ? 'worse\n' : 'good\n');
  });
  const run_id = await failedRun(`failure ${starts} of ${ending}`);
  // All that a heal asks of its job.
  const context = {
    job: { id: 'killed', updateProgress: () => Promise.resolve() } as unknown as Job,
    name: 'heal-run' as const,
    log,
    signal: new AbortController().signal,
  };
  const pass = (parts: HealDeps) => createHealRun(parts)({ run_id, by: 'plane' }, context);
  const untilOver = (parts: HealDeps, isBuried: () => boolean = () => false) =>
    eventually(
      () =>
        pass(parts).catch((error: unknown) => {
          if (isBuried()) return null;
          if (error instanceof JobDeferred) return false as const;
          throw error;
        }),
      { every: pollMs },
    );

  await eventually(async () => {
    await pass(deps).catch((error: unknown) => {
      if (!(error instanceof JobDeferred)) throw error;
    });
    return bench.acd.harness.runs.length > starts;
  });
  finished.resolve();
  await bench.acd.harness.runs.at(-1)?.over;

  const mortal = createMortal(deps, death);
  const life = untilOver(mortal.deps, () => mortal.buried);
  life.catch(() => undefined);
  await (death === null ? life : Promise.race([mortal.dead, life]));
  // Instead of waiting until its leases are over.
  await sql.query("update actp_leases set expires_at = now() - interval '1 second'");
  const result = await untilOver(deps);

  const listed = (name: string) => readdir(join(deps.dataDir, name)).catch(() => []);
  const { rows } = await sql.query<{ message: string; patch: string | null }>(
    `select s.heal ->> 'state' as state, s.status,
       (select count(*)::int from actp_heals h where h.run_id = s.run_id) as heals,
       (select count(*)::int from actp_agent_audit_log a where a.action_type = 'heal.verdict'
          and a.result::text like '%' || s.run_id || '%') as verdicts,
       (select count(*)::int from actp_notifications n where n.dedupe_key = 'selftest:' || s.run_id) as messages,
       (select body from actp_notifications n where n.dedupe_key = 'selftest:' || s.run_id) as message,
       (select count(*)::int from actp_approval_queue q where q.details ->> 'run_id' = s.run_id::text) as approvals,
       s.heal #> '{suites,0,changed_files}' as files,
       (select facts ->> 'patch_file' from actp_heals h where h.run_id = s.run_id) as patch
     from actp_agent_health_snapshots s where s.run_id = $1`,
    [run_id],
  );
  const [left] = rows;
  if (left === undefined) throw new Error('there is no snapshot');
  const trial = {
    calls: mortal.calls,
    seen: {
      ...left,
      message: wordsOf(left.message),
      patch: left.patch !== null && existsSync(left.patch),
      result: result?.state,
      starts: bench.acd.harness.runs.length - starts,
      text: await bench.read('state.txt'),
      changes: await bench.git('status', '--short'),
      proposed: await bench.git(
        'log',
        '--format=%s',
        `main..${ending === 'proposed' ? `heal/${run_id}` : 'main'}`,
      ),
      kept: [...(await listed('heal')), ...(await listed('heal/runs'))].filter(
        (name) => name !== 'patches' && name !== 'runs',
      ),
    },
  };
  // What hung goes on for some steps, which no dead process does: what that leaves counts for nothing.
  mortal.bury();
  await life.catch(() => undefined);
  await rm(join(deps.dataDir, 'heal'), { recursive: true, force: true });
  return trial;
}

/** What people read about the heal, without what differs from one to the next. */
function wordsOf(message: string): string {
  const [, heal = ''] = message.split('Self-heal:\n');
  return heal
    .replace(/ after \d+ s/, '')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}(?:-[0-9a-f]{8})?/g, '(id)')
    .replaceAll(/\S*\/(?=heal\/patches)/g, '');
}
