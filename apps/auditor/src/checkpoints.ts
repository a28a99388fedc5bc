import { readAcknowledgements } from '@actp/db/audit/acknowledgements';
import {
  checkpointDigest,
  lastCheckpoint,
  readCheckpoints,
  type Checkpoint,
  type CheckpointPayload,
  type Head,
} from '@actp/db/audit/checkpoint';
import type { CheckpointFile } from '@actp/db/audit/checkpoint-file';
import { isSignedBy, type Signer } from '@actp/db/audit/signature';
import type { Db } from '@actp/db/client';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { rotateSigningKey } from '@actp/services/anchor/anchor-store';
import { readHeads, recordCheckpoint } from '@actp/services/audit/checkpoint';
import { notify } from '@actp/services/notifications/notify';
import { checkpointMessage } from './checkpoint-message.ts';

export interface CheckpointTimings {
  /** How often it is looked whether one is due. */
  checkEveryMs: number;
  /** One is due after so many rows, */
  rows: number;
  /** or so long after the one before, when there are any. */
  afterMs: number;
}

/** What happened less than five minutes ago can be covered up by the database's owner; nothing older can. */
export const checkpointTimings: CheckpointTimings = { checkEveryMs: 5_000, rows: 1_000, afterMs: 300_000 };

export interface CheckpointDeps {
  db: Db;
  producer: Producer;
  log: Logger;
  signer: Signer;
  /** The key that is being replaced: what it has signed last may not be in the file yet. */
  previous?: Signer | undefined;
  file: CheckpointFile;
  timings: CheckpointTimings;
  /** Milliseconds that only go forward, whatever is done to the clock; `performance.now` unless a test says otherwise. */
  elapsed?: () => number;
}

export interface Checkpoints {
  takeWhenDue(): Promise<void>;
  /** Signs the last word about a day; `drop` gets it and says whether it was taken. */
  retire(day: string, drop: (checkpoint: Checkpoint, heads: Head[]) => Promise<boolean>): Promise<boolean>;
  /** Has the old key sign that the present one signs from now on. @returns false when the checkpoints do not match */
  rotate(from: Signer): Promise<boolean>;
}

/** Signs the ends of the chains, in the database and in a file, and once a day in a message to the operators' chat. */
export function createCheckpoints(deps: CheckpointDeps): Checkpoints {
  const { db, log, signer, file, timings, elapsed = () => performance.now() } = deps;
  const ours = [signer, ...(deps.previous === undefined ? [] : [deps.previous])];
  // What was signed last, by chain. After a start everything is signed once more.
  const signed = new Map<string, number>();
  let takenAt = Number.NEGATIVE_INFINITY;

  function make(
    last: Checkpoint | undefined,
    facts: Pick<CheckpointPayload, 'kind' | 'heads' | 'day' | 'key'>,
    by = signer,
  ): Checkpoint {
    const n = (last?.n ?? 0) + 1;
    const prev = last ? checkpointDigest(last) : '';
    const payload = JSON.stringify({ v: 1, n, at: new Date().toISOString(), prev, ...facts });
    return { n, payload, signature: by.sign(payload) };
  }

  /**
   * The newest checkpoint that both places agree on; undefined when they do not, which people have to hear of. What an operator has
   * acknowledged is passed over, once.
   */
  async function agreed(): Promise<{ last: Checkpoint | undefined } | undefined> {
    const before = await compare();
    if (!('differs' in before)) return before;
    const after = (await passOver()) ? await compare() : before;
    return 'differs' in after ? alarm(after.n, after.differs) : after;
  }

  type Comparison = { last: Checkpoint | undefined } | { n: number; differs: string };

  async function compare(): Promise<Comparison> {
    const [last, outside] = await Promise.all([lastCheckpoint(db), file.read()]);
    if (outside.publicKey === undefined) await file.append([{ public_key: ours.at(-1)?.publicKey ?? '' }]);
    const known = outside.last?.n ?? 0;
    if (known > (last?.n ?? 0)) return { n: known, differs: 'is in the file but not in the database' };
    const missing: Checkpoint[] = [];
    for await (const checkpoint of readCheckpoints(db, Math.max(0, known - 1))) {
      if (checkpoint.n === known) {
        if (outside.last && checkpointDigest(outside.last) !== checkpointDigest(checkpoint)) {
          return { n: known, differs: 'differs between the file and the database' };
        }
      } else if (
        ours.some(({ publicKey }) => isSignedBy(publicKey, checkpoint.payload, checkpoint.signature))
      ) {
        missing.push(checkpoint);
      } else {
        return { n: checkpoint.n, differs: 'in the database is not signed with AUDIT_SIGNING_KEY' };
      }
    }
    if (missing.length > 0) await file.append(missing);
    return { last };
  }

  /** Goes on from the checkpoint that the newest acknowledgement names, when both places are still as they were then. */
  async function passOver(): Promise<boolean> {
    const acknowledged = (await readAcknowledgements(db)).at(-1);
    if (acknowledged === undefined) return false;
    const { id, stored, outside } = acknowledged;
    const { last } = await file.read();
    if (digestOf(last) !== outside?.digest) return false;
    const place = stored ? await checkpointAt(stored.n) : undefined;
    if (digestOf(place) !== stored?.digest) return false;
    await file.append([{ acknowledged: id }, ...(place ? [place] : [])]);
    log.warn({ acknowledgement: id }, 'checkpoints continue behind acknowledged damage');
    return true;
  }

  async function checkpointAt(n: number): Promise<Checkpoint | undefined> {
    for await (const checkpoint of readCheckpoints(db, n - 1)) return checkpoint;
    return undefined;
  }

  async function alarm(n: number, what: string): Promise<undefined> {
    log.error({ checkpoint: n }, 'audit checkpoints do not match');
    const body = [
      `🔴 Audit log integrity check failed: checkpoint ${n} ${what}.`,
      'The log was modified, or the database was restored from an older backup. No further checkpoints are signed.',
      'Run npm run audit:verify for details; docs/runbook.md says what to do.',
    ].join('\n');
    await notify(deps, { key: `audit-alarm:${n}`, kind: 'audit.alarm', body });
    return undefined;
  }

  return {
    async takeWhenDue() {
      const heads = await readHeads(db);
      const changed = heads.filter((head) => signed.get(keyOf(head)) !== head.seq);
      const rows = changed.reduce((sum, head) => sum + head.seq - (signed.get(keyOf(head)) ?? 0), 0);
      if (rows === 0 || (rows < timings.rows && elapsed() - takenAt < timings.afterMs)) return;
      const common = await agreed();
      if (!common) return;
      const checkpoint = make(common.last, { kind: 'heads', heads: changed });
      const kept = await recordCheckpoint(db, checkpoint);
      // Another auditor was first: its checkpoint says what this one would have said.
      if (kept) await file.append([checkpoint]);
      for (const head of changed) signed.set(keyOf(head), head.seq);
      takenAt = elapsed();
      const message = kept ? checkpointMessage(checkpoint, signer.publicKey) : undefined;
      if (message) await notify(deps, { key: message.key, kind: 'audit.checkpoint', body: message.text });
    },
    async retire(day, drop) {
      const common = await agreed();
      if (!common) return false;
      const heads = await readHeads(db, day);
      const checkpoint = make(common.last, { kind: 'retired', day, heads });
      const dropped = await drop(checkpoint, heads);
      if (dropped) await file.append([checkpoint]);
      return dropped;
    },
    async rotate(from) {
      const common = await agreed();
      if (!common) return false;
      const key = signer.publicKey;
      const checkpoint = make(common.last, { kind: 'key', heads: [], key }, from);
      const kept = await rotateSigningKey(db, checkpoint, { old: from.publicKey, new: key });
      if (kept) await file.append([checkpoint]);
      return kept;
    },
  };
}

const keyOf = ({ day, lane }: Head) => `${day}/${lane}`;

const digestOf = (checkpoint: Checkpoint | undefined) => checkpoint && checkpointDigest(checkpoint);
