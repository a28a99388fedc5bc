import type { Db } from '../client.ts';
import { checkpointDigest, readCheckpoints, readPayload, type Checkpoint } from './checkpoint.ts';
import type { AcceptedKey } from './checkpoint-file.ts';
import { isSignedBy } from './signature.ts';
import type { Bad } from './walk-chain.ts';

export interface SignedHeads {
  /** By day and lane: which hash stood at which place. */
  heads: Map<string, Map<number, Map<number, string>>>;
  /** Days that were dropped; nothing is left of their rows but these signed ends. */
  retired: Set<string>;
  last: Checkpoint | undefined;
  /** The newest one was looked at, and the auditor has signed it. */
  lastIsSigned: boolean;
  problems: Bad[];
}

/**
 * Reads every checkpoint and checks them as a chain of their own: numbers, digests, signatures, the copy outside. A bad one is named,
 * says nothing about the rows, and does not end the reading.
 */
export async function createSignedHeads(options: {
  db: Db;
  publicKey?: string | undefined;
  accepted?: readonly AcceptedKey[] | undefined;
  outside?: Checkpoint | undefined;
}): Promise<SignedHeads> {
  const { outside, accepted = [] } = options;
  let { publicKey } = options;
  const answer: SignedHeads = {
    heads: new Map(),
    retired: new Set(),
    last: undefined,
    lastIsSigned: false,
    problems: [],
  };
  const wrong = (checkpoint: number, reason: string, found = '') =>
    answer.problems.push({ checkpoint, reason, ...(found === '' ? {} : { found }) });
  let prev = '';
  for await (const checkpoint of readCheckpoints(options.db)) {
    const { n } = checkpoint;
    const payload = readPayload(checkpoint);
    const digest = checkpointDigest(checkpoint);
    // The last one that was accepted for this place: it may have been lost before it ever signed.
    publicKey = accepted.findLast(({ from }) => from === n)?.publicKey ?? publicKey;
    const isSigned =
      publicKey !== undefined && isSignedBy(publicKey, checkpoint.payload, checkpoint.signature);
    if (n !== (answer.last?.n ?? 0) + 1)
      wrong((answer.last?.n ?? 0) + 1, 'this checkpoint is missing', digest);
    if (publicKey !== undefined && !isSigned) {
      wrong(n, 'this checkpoint is not signed by the auditor', digest);
    } else if (payload?.n !== n || payload.prev !== prev) {
      wrong(n, 'this checkpoint does not follow the one before it', digest);
    }
    if (outside?.n === n && checkpointDigest(outside) !== digest) {
      wrong(n, 'this checkpoint is not the one that is kept outside the database', digest);
    }
    prev = digest;
    answer.last = checkpoint;
    answer.lastIsSigned = isSigned;
    // What somebody else wrote says nothing about the rows.
    if (publicKey !== undefined && !isSigned) continue;
    // The key is followed only where the one before has signed that.
    if (payload?.kind === 'key' && isSigned) publicKey = payload.key ?? publicKey;
    if (payload?.kind === 'retired' && payload.day !== undefined) {
      answer.retired.add(payload.day);
      answer.heads.delete(payload.day);
    }
    if (payload?.kind === 'heads') for (const head of payload.heads) keep(answer.heads, head);
  }
  if (outside !== undefined && outside.n > (answer.last?.n ?? 0)) {
    wrong(
      outside.n,
      'this checkpoint is kept outside the database and missing in it: the log was cut, or comes from an older copy',
      checkpointDigest(outside),
    );
  }
  return answer;
}

function keep(
  heads: SignedHeads['heads'],
  { day, lane, seq, hash }: { day: string; lane: number; seq: number; hash: string },
): void {
  const lanes = heads.get(day) ?? new Map<number, Map<number, string>>();
  const places = lanes.get(lane) ?? new Map<number, string>();
  places.set(seq, hash);
  lanes.set(lane, places);
  heads.set(day, lanes);
}
