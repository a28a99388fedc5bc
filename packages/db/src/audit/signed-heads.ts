import type { Db } from '../client.ts';
import { checkpointDigest, readCheckpoints, readPayload, type Checkpoint } from './checkpoint.ts';
import { isSignedBy } from './signature.ts';
import type { Bad } from './walk-chain.ts';

export interface SignedHeads {
  /** By day and lane: which hash stood at which place. */
  heads: Map<string, Map<number, Map<number, string>>>;
  /** Days that were dropped; nothing is left of their rows but these signed ends. */
  retired: Set<string>;
  last: Checkpoint | undefined;
  problems: Bad[];
}

/** Reads every checkpoint and checks them as a chain of their own: numbers, digests, signatures, the copy outside. */
export async function createSignedHeads(options: {
  db: Db;
  publicKey?: string | undefined;
  outside?: Checkpoint | undefined;
}): Promise<SignedHeads> {
  const { publicKey, outside } = options;
  const answer: SignedHeads = { heads: new Map(), retired: new Set(), last: undefined, problems: [] };
  const wrong = (checkpoint: number, reason: string) => answer.problems.push({ checkpoint, reason });
  let prev = '';
  for await (const checkpoint of readCheckpoints(options.db)) {
    const { n } = checkpoint;
    const payload = readPayload(checkpoint);
    if (n !== (answer.last?.n ?? 0) + 1) wrong((answer.last?.n ?? 0) + 1, 'this checkpoint is missing');
    else if (publicKey !== undefined && !isSignedBy(publicKey, checkpoint.payload, checkpoint.signature)) {
      wrong(n, 'this checkpoint is not signed by the auditor');
    } else if (payload?.n !== n || payload.prev !== prev) {
      wrong(n, 'this checkpoint does not follow the one before it');
    }
    if (outside?.n === n && checkpointDigest(outside) !== checkpointDigest(checkpoint)) {
      wrong(n, 'this checkpoint is not the one that is kept outside the database');
    }
    prev = checkpointDigest(checkpoint);
    answer.last = checkpoint;
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
