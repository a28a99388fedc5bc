import { readAnchor, writeAnchor, type AnchorFacts, type ReadAnchor } from '@actp/db/audit/anchor';
import type { Signer } from '@actp/db/audit/signature';
import type { Db } from '@actp/db/client';
import type { AnchorFile } from '@actp/services/anchor/anchor-file';
import {
  advanceAnchor,
  confirmPlane,
  holdPlane,
  isReleased,
  noteAnchorProblem,
  noteEarlierPlane,
  readPlane,
  type Hold,
  type Plane,
} from '@actp/services/anchor/anchor-store';
import { messageOf } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import type { AnchorCopies } from './anchor-copies.ts';
import { newestOf, together, type Found } from './evidence.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface AnchorDeps {
  db: Db;
  log: Logger;
  signer: Signer;
  keys: SigningKeys;
  file: AnchorFile;
  copies: AnchorCopies;
}

export interface AnchorKeeper {
  /** Looks at the database once: compares it with the anchor where that is due, writes the anchor when the log has grown. */
  look(): Promise<void>;
  /** Whether the database was found to be the one that the anchor names; only then is anything signed. */
  isConfirmed(): boolean;
}

type Anchor = { is: 'absent' } | ReadAnchor;

/** What this process has written last. */
interface Written {
  total: number;
  epoch: number;
  /** How far the database says it was then. */
  anchored: number;
}

const nothing: Written = { total: -1, epoch: 0, anchored: 0 };

/**
 * Keeps the anchor: how far the plane has come, signed, outside of the database and of the data folder. A database that is behind it,
 * or another one, is held until an operator has accepted it.
 */
export function createAnchorKeeper({ db, log, signer, keys, file, copies }: AnchorDeps): AnchorKeeper {
  let confirmed = false;
  let written = nothing;
  let problem: string | null = null;
  // What the file held when it was read or written last: other contents are somebody else's.
  let known: string | undefined;

  async function compare(): Promise<void> {
    const plane = await readPlane(db);
    if (plane === null) return hold('other_plane', rowMissing, undefined, null);
    const wrongKey = await keys.problemWith(plane);
    const found = await read(plane);
    if (wrongKey !== undefined) return hold('signing_key', wrongKey, factsOf(found), plane.epoch);
    await keys.trustAccepted(plane);
    if (await confirm(plane, found)) await start(plane);
  }

  async function read(plane: Plane): Promise<Anchor> {
    try {
      known = await file.read();
      if (known === undefined) return { is: 'absent' };
      return readAnchor(known, keysOf(plane));
    } catch (error) {
      return { is: 'unusable', why: messageOf(error) };
    }
  }

  const keysOf = (plane: Plane) => [signer.publicKey, ...keys.earlier(plane)];

  /** Copies of this plane's anchor; those of before an accepted restore count no more. */
  async function copiesOf(plane: Plane): Promise<Found[]> {
    return (await copies.read()).flatMap(({ where, text }) => {
      const copy = readAnchor(text, keysOf(plane));
      const counts =
        copy.is === 'valid' && copy.facts.plane_id === plane.plane_id && copy.facts.epoch >= plane.epoch;
      return counts ? [{ where: `a copy in ${where}`, facts: copy.facts, at: copy.at }] : [];
    });
  }

  /** @returns whether the database is the one that the anchor names, or may begin a new one */
  async function confirm(plane: Plane, found: Anchor): Promise<boolean> {
    const key = await keys.expected(plane);
    const accepted = (plane.confirmed || plane.accepted) && isReleased(plane);
    const seen = await copiesOf(plane);
    if (found.is === 'valid') {
      const anchor: Found = { where: 'the anchor', facts: found.facts, at: found.at };
      const all = [anchor, ...(found.facts.plane_id === plane.plane_id ? seen : [])] as const;
      const result = await confirmPlane(db, together(all), key);
      if (result === 'confirmed') return true;
      if (result === 'other_plane' && plane.brand_new)
        return replace(found.facts.plane_id, found.facts.stopped);
      // An operator has accepted this database after the anchor was written.
      if (accepted && (result === 'other_plane' || found.facts.epoch < plane.epoch))
        return begin('replaced', key);
      const newest = newestOf(all);
      await hold(
        result === 'other_plane' ? 'other_plane' : 'behind',
        reasonOf(result, newest),
        together([newest]),
        plane.epoch,
      );
      return false;
    }
    if (found.is === 'unusable' && plane.brand_new) return replace('unknown', null);
    // A copy of its anchor says that it has had one.
    if (found.is === 'absent' && !plane.anchored && seen.length === 0) return begin(undefined, key);
    if (accepted) return begin(found.is === 'absent' ? undefined : 'replaced', key);
    if (found.is === 'absent') await hold('anchor_missing', missingReason(seen), undefined, plane.epoch);
    else
      await hold(
        'anchor_unusable',
        `the anchor (${file.path}) cannot be used: ${found.why}`,
        undefined,
        plane.epoch,
      );
    return false;
  }

  // The new database has to be told before it becomes one that has an anchor.
  async function replace(planeId: string, stopped: AnchorFacts['stopped'] | null): Promise<boolean> {
    log.warn(
      { earlier_plane: planeId },
      'a new, empty plane starts where another one was; its anchor is kept',
    );
    await noteEarlierPlane(db, planeId, stopped);
    return begin(planeId, signer.publicKey);
  }

  /** @param earlier the name under which what is there is kept */
  async function begin(earlier: string | undefined, key: string): Promise<boolean> {
    if ((await confirmPlane(db, null, key)) !== 'confirmed') return false;
    if (earlier !== undefined) await file.setAside(earlier);
    return true;
  }

  async function start(plane: Plane): Promise<void> {
    await keys.rotate(plane);
    if (plane.held !== null && plane.held.code !== 'unconfirmed') log.info('the plane is no longer held');
    written = nothing;
    problem = plane.anchor_problem;
    confirmed = true;
    await advance();
    // A database says that it has had an anchor, or was accepted, only once the anchor that says it is written.
    if (!plane.anchored || plane.accepted) await advance();
  }

  async function advance(): Promise<void> {
    const progress = await advanceAnchor(db, written);
    if (progress.held !== undefined) {
      confirmed = false;
      // The server was started again under us: nothing is released until it was compared.
      if (progress.held.code === 'unconfirmed') await compare();
      return;
    }
    const anchored = progress.anchored ?? 0;
    if (progress.total < written.total || progress.epoch < written.epoch || anchored < written.anchored) {
      const plane = await readPlane(db);
      const found = plane === null ? undefined : factsOf(await read(plane));
      return hold('behind', 'the database went back while the plane was running', found, progress.epoch);
    }
    if (progress.next === undefined) return;
    const { facts, written: reached } = progress.next;
    const other = await readOther();
    if (other?.facts.plane_id === facts.plane_id && (await isAhead(other))) {
      return hold('behind', reasonOf('behind', other), other.facts, progress.epoch);
    }
    const text = writeAnchor(facts, new Date().toISOString(), signer);
    if (!(await write(text, other?.facts.plane_id === facts.plane_id ? undefined : other))) return;
    known = text;
    written = { total: facts.total, epoch: facts.epoch, anchored: reached };
    copies.write(text);
  }

  /** An anchor that somebody else has written there meanwhile. */
  async function readOther(): Promise<Found | undefined> {
    const text = await file.read().catch(() => undefined);
    if (text === undefined || text === known) return undefined;
    const other = readAnchor(text, [signer.publicKey]);
    return other.is === 'valid' ? { where: 'the anchor', facts: other.facts, at: other.at } : undefined;
  }

  // Another auditor of this database names what is in it. Another copy of the database names what was done there.
  const isAhead = async ({ facts }: Found) => (await confirmPlane(db, facts, signer.publicKey)) === 'behind';

  // Where it cannot be written the plane goes on, and people are told: holding it would stop what is healthy.
  async function write(text: string, other: Found | undefined): Promise<boolean> {
    const failure =
      other === undefined
        ? await file.write(text).then(
            () => null,
            (error: unknown) => `${file.path}: ${messageOf(error)}`,
          )
        : `${file.path}: another plane writes its anchor there; each needs an ACTP_ANCHOR_FILE of its own`;
    if (failure === null && problem === null) return true;
    const isNew = await noteAnchorProblem(db, failure);
    problem = failure;
    if (isNew && failure !== null) log.error({ reason: failure }, 'the anchor cannot be written');
    if (isNew && failure === null) log.info('the anchor is written again');
    return failure === null;
  }

  /** @param epoch of the database that was compared, which an operator may have accepted since */
  async function hold(
    code: Exclude<Hold['code'], 'unconfirmed'>,
    reason: string,
    facts: AnchorFacts | undefined,
    epoch: number | null,
  ): Promise<void> {
    confirmed = false;
    const anchor = facts === undefined ? null : { epoch: facts.epoch, stopped: facts.stopped };
    const isNew = await holdPlane(db, { code, reason, anchor, epoch });
    if (isNew) log.error({ hold: code, reason }, 'nothing is released or decided');
  }

  function missingReason(seen: readonly Found[]): string {
    const words = seen.map(({ where, at }) => `; ${where} is of ${at}`).join('');
    return `the anchor (${file.path}) is missing, although this plane has had one${words}`;
  }

  return {
    look: () => (confirmed ? advance() : compare()),
    isConfirmed: () => confirmed,
  };
}

const rowMissing = 'somebody has emptied the table (actp_audit.plane) that says which plane this database is';

const factsOf = (found: Anchor): AnchorFacts | undefined => (found.is === 'valid' ? found.facts : undefined);

function reasonOf(result: string, { where, at }: Found): string {
  const source = where === 'the anchor' ? '' : ` (${where})`;
  return result === 'other_plane'
    ? `the database is another plane than the one that was here at ${at}`
    : `the database is older than at ${at}${source}, or another copy of it: the audit log does not hold what it held then`;
}
