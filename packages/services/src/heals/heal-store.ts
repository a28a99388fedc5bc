import { z } from 'zod';
import type { Db } from '@actp/db/client';
import type { Json } from '@actp/db/database-types';
import { HealState, type HealAskedBy } from '@actp/shared/jobs/catalogue';

const Status = z.object({
  status: z.string().nullable(),
  pid: z.number().nullable(),
  lastUpdate: z.string().nullable(),
});

/** What the tests say of the agent's change. Stored before anything follows from it: a worker that takes over does not ask again. */
const HealVerdict = z.object({ healed: z.boolean(), reason: z.string() });
export type HealVerdict = z.output<typeof HealVerdict>;

const Facts = z.looseObject({
  /** Of the file that holds how the checkout was; what stands there is not believed without it. */
  before_digest: z.string().optional(),
  acd: z
    .object({
      before: Status.nullish(),
      pid: z.number().nullish(),
      startedAt: z.string().nullish(),
      certain: z.boolean().optional(),
      seen: z.boolean().optional(),
    })
    .optional(),
  /** It ended for a reason that says nothing about the agent's work: the breaker does not count it. */
  uncounted: z.literal(true).optional(),
  verdict: HealVerdict.optional(),
  note: z.string().optional(),
  tests: z.array(z.string()).optional(),
  changed_files: z.array(z.string()).optional(),
  patch_file: z.string().optional(),
  branch: z.string().optional(),
  approval_id: z.string().optional(),
});
export type HealFacts = z.output<typeof Facts>;

/** One attempt at one suite, as the database has it. */
const Heal = z.object({
  id: z.uuid(),
  run_id: z.uuid(),
  suite: z.string(),
  request: z.string(),
  step: z.enum(['queued', 'prepare', 'start', 'wait', 'verify', 'report']),
  state: HealState,
  reason: z.string().nullable(),
  facts: Facts,
  attempted_at: z.string().nullable(),
  sent_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  overdue: z.boolean(),
  seconds_left: z.number().nullable(),
  seconds_since_sent: z.number().nullable(),
});
export type Heal = z.output<typeof Heal>;

/** How a heal can end. */
export type FinalHealState = Extract<HealState, 'healed' | 'not_healed' | 'skipped'>;

export interface HealLimits {
  max_attempts_per_day: number;
  same_failure_hours: number;
  breaker_failures: number;
}

const Claim = z.object({
  result: z.enum(['claimed', 'busy', 'limited', 'blocked']),
  reason: z.string().default(''),
  heal: Heal.optional(),
});
const Intent = z.object({ result: z.enum(['intended', 'known', 'blocked']), heal: Heal });
const UnderWay = z.object({ under_way: z.boolean() });
const Block = z.object({ blocked: z.boolean() });
const Due = z.array(
  z.object({ run_id: z.uuid(), request: z.string(), by: z.enum(['plane', 'http', 'telegram']) }),
);

export type HealStore = ReturnType<typeof createHealStore>;

/** The heals in the database. Each change is one SQL function, which refuses whoever does not hold the run's lease. */
export function createHealStore(db: Db, holder: string) {
  const json = (value: unknown) => value as Json;
  return {
    async open(
      runId: string,
      request: { request: string; by: HealAskedBy },
      suites: ReadonlyArray<{ suite: string; fingerprint: string; skip: string | null }>,
      nothing: string,
    ): Promise<Heal[]> {
      const answer = await db.call((client) =>
        client.rpc('open_heals', {
          p_run_id: runId,
          p_holder: holder,
          p_request: request.request,
          p_asked_by: request.by,
          p_suites: json(suites),
          p_nothing: nothing,
        }),
      );
      return z.array(Heal).parse(answer);
    },
    async claim(id: string, limits: HealLimits) {
      return Claim.parse(
        await db.call((client) =>
          client.rpc('claim_heal', { p_id: id, p_holder: holder, p_limits: json(limits) }),
        ),
      );
    },
    async move(
      id: string,
      step: Heal['step'],
      facts: Partial<HealFacts>,
      timeoutSeconds?: number,
    ): Promise<Heal> {
      const answer = await db.call((client) =>
        client.rpc('move_heal', {
          p_id: id,
          p_holder: holder,
          p_step: step,
          p_facts: json(facts),
          ...(timeoutSeconds === undefined ? {} : { p_timeout_seconds: timeoutSeconds }),
        }),
      );
      return Heal.parse(answer);
    },
    async intend(id: string, before: z.output<typeof Status> | null) {
      return Intent.parse(
        await db.call((client) =>
          client.rpc('intend_heal_start', { p_id: id, p_holder: holder, p_before: json(before) }),
        ),
      );
    },
    async forget(id: string): Promise<Heal> {
      return Heal.parse(
        await db.call((client) => client.rpc('forget_heal_start', { p_id: id, p_holder: holder })),
      );
    },
    async started(
      id: string,
      acd: { pid: number | null; startedAt: string | null; certain: boolean },
      timeoutSeconds: number,
    ): Promise<Heal> {
      const answer = await db.call((client) =>
        client.rpc('record_heal_start', {
          p_id: id,
          p_holder: holder,
          p_acd: acd,
          p_timeout_seconds: timeoutSeconds,
        }),
      );
      return Heal.parse(answer);
    },
    async finish(
      id: string,
      end: { state: FinalHealState; reason: string; facts?: Partial<HealFacts> },
      limits: HealLimits,
    ): Promise<Heal> {
      const answer = await db.call((client) =>
        client.rpc('finish_heal', {
          p_id: id,
          p_holder: holder,
          p_state: end.state,
          p_reason: end.reason,
          p_facts: json(end.facts ?? {}),
          p_limits: json(limits),
        }),
      );
      return Heal.parse(answer);
    },
    async read(id: string): Promise<Heal> {
      return Heal.parse(await db.call((client) => client.rpc('read_heal', { p_id: id })));
    },
    async selfTestUnderWay(): Promise<boolean> {
      return UnderWay.parse(await db.call((client) => client.rpc('selftest_under_way'))).under_way;
    },
    async blocked(): Promise<boolean> {
      return Block.parse(await db.call((client) => client.rpc('heal_block'))).blocked;
    },
  };
}

/** Heals that are not over and that no worker has a hand on. */
export async function dueHeals(db: Db, olderThanSeconds: number) {
  const answer = await db.call((client) =>
    client.rpc('due_heals', { p_older_than_seconds: olderThanSeconds }),
  );
  return Due.parse(answer);
}
