import { z } from 'zod';
import { AnchorFacts } from '@actp/db/audit/anchor';
import type { Checkpoint } from '@actp/db/audit/checkpoint';
import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';

const HoldCode = z.enum([
  'unconfirmed',
  'behind',
  'other_plane',
  'anchor_missing',
  'anchor_unusable',
  'signing_key',
]);
/** Why nothing is released. `unconfirmed`: it is being compared. */
export const Hold = z.object({ code: HoldCode, reason: z.string(), since: z.string() });
export type Hold = z.infer<typeof Hold>;

const Plane = z.object({
  plane_id: z.uuid(),
  epoch: z.int(),
  total: z.int(),
  /** It has had an anchor. */
  anchored: z.boolean(),
  /** It was made empty, and has never had one. */
  brand_new: z.boolean(),
  /** It was compared, or accepted, since this server was started. */
  confirmed: z.boolean(),
  /** An operator has accepted it, and no anchor says so yet. */
  accepted: z.boolean(),
  /** Why the anchor could not be written; null: it could. */
  anchor_problem: z.string().nullable(),
  held: Hold.nullable(),
  signing_key: z.string().nullable(),
});
export type Plane = z.infer<typeof Plane>;

const Confirmation = z.object({ result: z.enum(['confirmed', 'behind', 'other_plane', 'signing_key']) });

const Progress = z.object({
  total: z.int(),
  epoch: z.int(),
  /** How far the database was when an anchor was asked for the last time; null: never. */
  anchored: z.int().nullable(),
  held: Hold.optional(),
});
const Grown = AnchorFacts.extend({ anchored: z.int().nullable(), written: z.int() });

/** How far a database has come; with `facts` when that is more than before. */
export interface AnchorProgress extends z.infer<typeof Progress> {
  next?: { facts: AnchorFacts; written: number };
}

/** Nothing holds it but that the server was started since an operator accepted it. */
export const isReleased = ({ held, accepted }: Plane): boolean =>
  held === null || (accepted && held.code === 'unconfirmed');

/** Null: somebody has emptied the table that says which plane it is. */
export const readPlane = async (db: Db): Promise<Plane | null> =>
  Plane.nullable().parse(await db.call((client) => client.rpc('read_plane')));

/** Why nothing is released or decided; null when it is. */
export const readHold = async (db: Db): Promise<Hold | null> =>
  Hold.nullable().parse(await db.call((client) => client.rpc('plane_hold')));

/** Compares, in the database, and ends the hold when the database holds everything that the anchor names. */
export async function confirmPlane(db: Db, anchor: AnchorFacts | null, signingKey: string) {
  const answer = await db.call((client) =>
    client.rpc('confirm_plane', { p_anchor: anchor, p_signing_key: signingKey }),
  );
  return Confirmation.parse(answer).result;
}

/** @returns false when it was held for this before */
export const holdPlane = (
  db: Db,
  hold: {
    code: Exclude<Hold['code'], 'unconfirmed'>;
    reason: string;
    /** What it was compared with; null: nothing that counts. */
    anchor: Pick<AnchorFacts, 'epoch' | 'stopped'> | null;
    /** Of the database that was compared: nothing is held when it was accepted since. Null: it had none. */
    epoch: number | null;
  },
): Promise<boolean> =>
  db.call((client) =>
    client.rpc('hold_plane', {
      p_code: hold.code,
      p_reason: hold.reason,
      p_anchor: hold.anchor,
      p_epoch: nullable(hold.epoch),
    }),
  );

/**
 * Says that the anchor cannot be written; null: that it can be again.
 *
 * @returns false when that was known
 */
export const noteAnchorProblem = (db: Db, problem: string | null): Promise<boolean> =>
  db.call((client) => client.rpc('note_anchor_problem', { p_problem: problem ?? '' }));

/** Asks for the next anchor; everything that it names is on the database's disk. */
export async function advanceAnchor(
  db: Db,
  known: { total: number; epoch: number },
): Promise<AnchorProgress> {
  const answer = await db.call((client) =>
    client.rpc('advance_anchor', { p_total: known.total, p_epoch: known.epoch }),
  );
  const progress = Progress.parse(answer);
  const grown = Grown.safeParse(answer);
  if (!grown.success) return progress;
  const { anchored: _anchored, written, ...facts } = grown.data;
  return { ...progress, next: { facts, written } };
}

/** @param stopped what was stopped in the plane that was here; null when nobody knows */
export const noteEarlierPlane = (db: Db, planeId: string, stopped: AnchorFacts['stopped'] | null) =>
  db.call((client) => client.rpc('note_earlier_plane', { p_plane_id: planeId, p_stopped: stopped }));

/** @returns false when another auditor was first */
export const rotateSigningKey = (
  db: Db,
  { n, payload, signature }: Checkpoint,
  keys: { old: string; new: string },
): Promise<boolean> =>
  db.call((client) =>
    client.rpc('rotate_signing_key', {
      p_n: n,
      p_payload: payload,
      p_signature: signature,
      p_old: keys.old,
      p_new: keys.new,
    }),
  );
