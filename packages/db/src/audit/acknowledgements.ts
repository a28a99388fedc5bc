import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Db } from '../client.ts';
import type { Bad } from './walk-chain.ts';

const Place = z.object({ n: z.int(), digest: z.string() });

/** What an operator has said about damage: nothing is repaired by it, but checkpoints go on. */
export const Acknowledgement = z.object({
  id: z.int(),
  damage: z.array(z.record(z.string(), z.unknown())),
  /** The newest checkpoint in the database and the newest outside of it, at that moment. */
  stored: Place.nullable(),
  outside: Place.nullable(),
  reason: z.string(),
  acknowledged_by: z.string(),
  acknowledged_at: z.string(),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

export interface Problem extends Bad {
  /** The acknowledgement that covers it; null when nobody has looked at it. */
  acknowledged: number | null;
}

/** Every acknowledgement, oldest first. */
export async function readAcknowledgements(db: Db): Promise<Acknowledgement[]> {
  return z.array(Acknowledgement).parse(await db.call((client) => client.rpc('audit_acknowledgements')));
}

/** Which problems an operator has acknowledged: the same place, the same reason, and the same content there. */
export function markAcknowledged(
  bad: readonly Bad[],
  acknowledgements: readonly Acknowledgement[],
): Problem[] {
  const known = new Map<string, number>();
  for (const { id, damage } of acknowledgements) {
    for (const entry of damage) known.set(keyOf(entry), id);
  }
  return bad.map((problem) => ({ ...problem, acknowledged: known.get(keyOf(problem)) ?? null }));
}

/** A digest of these problems, in their order: what an operator names to say which damage is meant. Null without any. */
export const damageDigest = (problems: readonly Bad[]): string | null =>
  problems.length === 0 ? null : hash('sha256', problems.map(keyOf).join('\n'));

type Entry = { [K in keyof Bad]?: unknown };

const keyOf = ({ day, lane, seq, checkpoint, reason, found }: Entry) =>
  JSON.stringify([day ?? null, lane ?? null, seq ?? null, checkpoint ?? null, reason, found ?? null]);
