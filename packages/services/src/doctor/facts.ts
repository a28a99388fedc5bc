import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { Hold } from '../anchor/anchor-store.ts';

const Facts = z.object({
  now: z.string(),
  postgres: z.int(),
  migrations: z.array(z.string()),
  release: z.string().nullable(),
  apps: z.array(z.string()),
  self_test: z
    .object({
      status: z.string(),
      created_at: z.string(),
      tests_total: z.int(),
      tests_passed: z.int(),
      services_up: z.int(),
      services_total: z.int(),
      services: z.array(z.object({ name: z.string(), up: z.boolean() })).catch([]),
      failures: z.array(z.object({ suite: z.string(), test: z.string() })).catch([]),
    })
    .nullable(),
  self_test_runs: z.boolean(),
  checkpoint: z.object({ n: z.int(), created_at: z.string() }).nullable(),
  unsigned_since: z.string().nullable(),
  audit_alarm: z.string().nullable(),
  audit_acknowledged: z.string().nullable(),
  unknown_effects: z.int(),
  /** Why nothing is released or decided. */
  held: Hold.nullable(),
  /** Why the anchor cannot be written. */
  anchor_problem: z.string().nullable(),
  kill_switches: z.int(),
  messages_waiting_since: z.string().nullable(),
  /** Accounts that are linked to a Telegram user. */
  telegram_linked: z.int(),
  telegram_polling: z.boolean(),
  telegram_refusals: z.array(z.object({ what: z.string(), reason: z.string() })),
});
export type DatabaseFacts = z.infer<typeof Facts>;

/** What the database knows of the plane, with our clock when it was asked. */
export interface DatabaseAnswer {
  facts: DatabaseFacts;
  /** Our time in the middle of the call, and half its length: how exact a comparison of clocks can be. */
  askedAt: number;
  spreadMs: number;
}

/** Asks once; every check that needs it shares the answer. @throws DbError, UnavailableError */
export async function readFacts(db: Db): Promise<DatabaseAnswer> {
  const before = Date.now();
  const answer = await db.call((client) => client.rpc('doctor_facts'));
  const after = Date.now();
  return { facts: Facts.parse(answer), askedAt: (before + after) / 2, spreadMs: (after - before) / 2 };
}
