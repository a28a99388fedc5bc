import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Db } from '../client.ts';

/** The end of one chain: that of a UTC day's lane. */
export const Head = z.object({
  day: z.string(),
  lane: z.int(),
  seq: z.int(),
  hash: z.string(),
});
export type Head = z.infer<typeof Head>;

/** As it is kept: the payload is the exact text that was signed. */
export const Checkpoint = z.object({ n: z.int().positive(), payload: z.string(), signature: z.string() });
export type Checkpoint = z.infer<typeof Checkpoint>;

export const CheckpointPayload = z.object({
  v: z.literal(1),
  n: z.int().positive(),
  /** `heads`: what has changed since the checkpoint before; `retired`: the last word about a day that is dropped; `key`: the next ones are
   * signed with `key`, another one than this. */
  kind: z.enum(['heads', 'retired', 'key']),
  key: z.string().max(200).optional(),
  day: z.string().optional(),
  at: z.string(),
  /** The digest of the checkpoint before; empty for the first. */
  prev: z.string(),
  heads: z.array(Head),
});
export type CheckpointPayload = z.infer<typeof CheckpointPayload>;

/** What the next checkpoint names as the one before. */
export const checkpointDigest = ({ payload, signature }: Checkpoint): string =>
  hash('sha256', `${payload}\n${signature}`);

/** The payload of a checkpoint; undefined when it is none. */
export function readPayload({ payload }: Checkpoint): CheckpointPayload | undefined {
  try {
    return CheckpointPayload.parse(JSON.parse(payload));
  } catch {
    return undefined;
  }
}

const pageSize = 1_000;

/** Every checkpoint after a number, oldest first. */
export async function* readCheckpoints(db: Db, after = 0): AsyncGenerator<Checkpoint> {
  let last = after;
  for (;;) {
    const page = z
      .array(Checkpoint)
      .parse(
        await db.call((client) => client.rpc('audit_checkpoints', { p_after: last, p_limit: pageSize })),
      );
    yield* page;
    const end = page.at(-1);
    if (end === undefined || page.length < pageSize) return;
    last = end.n;
  }
}

/** The newest one in the database. */
export async function lastCheckpoint(db: Db): Promise<Checkpoint | undefined> {
  const answer: unknown = await db.call((client) => client.rpc('last_audit_checkpoint'));
  return answer === null ? undefined : Checkpoint.parse(answer);
}
