import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import {
  again,
  askedBy,
  countRows,
  openProcesses,
  people,
  type Processes,
} from '../processes/processes.fixture.ts';

export interface Trial {
  payments: 'ledger' | 'stripe';
  /** Of these one executor, Redis and Postgres once each, then at random. */
  kills: number;
  /** Makes the same choices for the same seed; when things happen is up to the machine. */
  seed: number;
}

interface Ended {
  id: string;
  prompt: string;
  status: string;
  state: string | null;
  key: string | null;
  payload: { to?: string; amount_minor?: number } | null;
}

// So many tasks are under way while something is killed.
const underWay = 12;
const faultKinds = [
  'slow_answer',
  'accept_then_timeout',
  '5xx_after_effect',
  '5xx_before_effect',
  'reset_mid_body',
] as const;

/**
 * People ask for mails and purchases, and approve them, while executors, Redis and Postgres are killed at random points and the services outside
 * answer badly. Then the word of the services is held against the plane's own: effects, ledger, audit log and spending.
 */
export async function runThroughKills(trial: Trial) {
  const random = numbers(trial.seed);
  const plane = await openProcesses({ payments: trial.payments, executors: 2, dailyBudget: 9_000_000 });
  for (const service of [plane.resend, plane.stripe]) {
    service.faults.seed({ seed: trial.seed, kinds: [...faultKinds], percent: 20, ms: 150 });
  }
  const user = await people(plane);
  const createTask = askedBy(plane, user);
  const over = new AbortController();
  let asked = 0;
  const ask = async () => {
    asked += 1;
    const mail = `Send an email to p${asked}@example.com with subject Hello and say Number ${asked}`;
    const prompt = random() < 0.5 ? mail : `Buy 0.00${asked} bitcoin`;
    await again(() => createTask(prompt, `k${asked}`));
  };
  const approving = approve(plane, over.signal);
  const open = () =>
    again(() => countRows(plane, `select count(*)::int as n from actp_tasks where ended_at is null`));
  const steps = () => again(() => countRows(plane, `select count(*)::int as n from actp_task_steps`));

  let kills = 0;
  const killed = { executor: 0, redis: 0, postgres: 0 };
  while (kills < trial.kills) {
    while ((await open()) < underWay) await ask();
    // On a slow machine nothing would get on if it were killed by the clock alone.
    const before = await steps();
    await eventually(async () => (await steps()) > before);
    await delay(random() * 150);
    // One of each first, so that a short trial has them all.
    const which = [0, 0.85, 0.95][kills] ?? random();
    if (which < 0.8) {
      plane.executors[Math.floor(random() * plane.executors.length)]?.kill();
      killed.executor += 1;
    } else {
      const store = which < 0.9 ? 'redis' : 'postgres';
      plane.killStore(store);
      killed[store] += 1;
    }
    kills += 1;
  }
  for (const service of [plane.resend, plane.stripe]) service.faults.clear();
  await eventually(async () => (await open()) === 0, { within: 300_000, every: 200 });
  over.abort();
  await approving;
  const judged = await judge(plane, trial);
  return { asked, killed, ...judged };
}

async function judge(plane: Processes, { payments }: Trial) {
  const { rows } = await plane.sql.query<Ended>(
    `select t.id, t.prompt, t.status, e.state, e.key, e.payload from actp_tasks t
     left join actp_task_effects e on e.task_id = t.id`,
  );
  const ledger = await plane.sql.query<{ key: string; n: number }>(
    `select e.key, count(*)::int as n from actp_ledger l join actp_task_effects e on e.id = l.effect_id group by e.key`,
  );
  const audited = await plane.sql.query<{ task_id: string; n: number }>(
    `select task_id, count(*)::int as n from actp_agent_audit_log
     where action_type = 'tasks.effect.done' group by task_id`,
  );
  const done = new Map([
    ...plane.resend.log.countByKey(),
    ...(payments === 'stripe' ? plane.stripe.log.countByKey() : []),
    ...ledger.rows.map(({ key, n }) => [key, n] as const),
  ]);
  // Two keys of one meaning would be the same thing done twice.
  const twice = [...plane.resend.log.countByMeaning().values(), ...done.values()].filter((n) => n > 1);
  expect(twice).toEqual([]);
  let paid = 0;
  let unknown = 0;
  for (const { id, prompt, status, state, key, payload } of rows) {
    const happened = key === null ? 0 : (done.get(key) ?? 0);
    const inLog = audited.rows.find((row) => row.task_id === id)?.n ?? 0;
    const what = { id, prompt, status, state, happened, inLog };
    if (status === 'succeeded') expect(what).toMatchObject({ state: 'done', happened: 1, inLog: 1 });
    else if (state === 'unknown') expect(what).toMatchObject({ status: 'failed', inLog: 0 });
    else expect(what).toMatchObject({ happened: 0, inLog: 0 });
    if (state === 'unknown') unknown += 1;
    if (state === 'done' || state === 'unknown') paid += payload?.amount_minor ?? 0;
  }
  const { rows: spent } = await plane.sql.query<{ spent: number; reserved: number }>(
    `select coalesce(sum(spent_minor), 0)::int as spent, coalesce(sum(reserved_minor), 0)::int as reserved from actp_daily_spend`,
  );
  expect(spent).toEqual([{ spent: paid, reserved: 0 }]);
  return {
    succeeded: rows.filter(({ status }) => status === 'succeeded').length,
    failed: rows.filter(({ status }) => status !== 'succeeded').length,
    unknown,
  };
}

// Whatever waits for a person is approved, as long as the trial lasts.
async function approve(plane: Processes, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await plane.sql
      .query(
        `select decide_approval(q.id, 'approved', q.action_digest, 'operator:op@example.com', null, null, '{}')
         from actp_approval_queue q where q.status = 'pending'`,
      )
      .catch(() => undefined);
    await delay(50);
  }
}

function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
