import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { looksLike } from '@actp/shared/names/look-alike';
import { z } from 'zod';

const Time = z.string().transform((text) => Date.parse(text));

const Answer = z.object({
  version: z.uuid(),
  now: Time,
  agents: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        actions: z.array(z.string()).nullable(),
        expires_at: Time.nullable(),
        key_hash: z.string().nullable(),
        previous_key_hash: z.string().nullable(),
        previous_until: Time.nullable(),
      }),
    )
    .optional(),
});

export interface KeyHolder {
  id: string;
  actions: readonly string[] | undefined;
  /** The database's time, in milliseconds; undefined: never. */
  validUntil: number | undefined;
}

/** All agents with keys, as they were when the database was asked. */
export interface KeyList {
  version: string;
  /** The database's time then, and ours, in milliseconds. */
  databaseNow: number;
  askedAt: number;
  byHash: ReadonlyMap<string, KeyHolder>;
  /** What the names that are taken look like; those of deleted agents as well. */
  names: ReadonlySet<string>;
}

/** Asks the database for the list; it answers with a few bytes as long as `known` is current. */
export async function readKeyList(db: Db, known: KeyList | undefined, now: () => number): Promise<KeyList> {
  const askedAt = now();
  const answer = Answer.parse(
    await db.call((client) => client.rpc('agent_keys', { p_version: nullable(known?.version) })),
  );
  const when = { version: answer.version, databaseNow: answer.now, askedAt };
  const { agents } = answer;
  if (agents === undefined) {
    return { ...when, byHash: known?.byHash ?? new Map(), names: known?.names ?? new Set() };
  }
  const byHash = new Map<string, KeyHolder>();
  for (const agent of agents) {
    const { id, expires_at, previous_until } = agent;
    const actions = agent.actions ?? undefined;
    const validUntil = expires_at ?? undefined;
    if (agent.key_hash !== null) byHash.set(agent.key_hash, { id, actions, validUntil });
    if (agent.previous_key_hash !== null && previous_until !== null) {
      const until = Math.min(previous_until, validUntil ?? previous_until);
      byHash.set(agent.previous_key_hash, { id, actions, validUntil: until });
    }
  }
  return { ...when, byHash, names: new Set(agents.map(({ name }) => looksLike(name))) };
}
