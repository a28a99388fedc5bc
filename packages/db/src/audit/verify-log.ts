import type { Db } from '../client.ts';
import { damageDigest, markAcknowledged, readAcknowledgements, type Problem } from './acknowledgements.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { AcceptedKey } from './checkpoint-file.ts';
import { createSignedHeads } from './signed-heads.ts';
import { chainsOf, hashesAt, walkChain, type Bad, type Chain } from './walk-chain.ts';

export interface Verification {
  ok: boolean;
  /** How many rows were looked at. */
  checked: number;
  /** The first problem that nobody has acknowledged. */
  first_bad: Bad | null;
  /** Every problem, by place, with the acknowledgement that covers it. */
  problems: Problem[];
  /** What an acknowledgement has to name: a digest of the problems that nobody has acknowledged; null when there are none. */
  damage: string | null;
  /** The newest chain's end, and the newest checkpoint. */
  head: { day: string; lane: number; seq: number; hash: string } | null;
  checkpoint: { n: number; signed: boolean } | null;
}

export interface VerifyOptions {
  db: Db;
  /** The auditor's first public key, from outside the database; without it signatures are not looked at. */
  publicKey?: string | undefined;
  /** Keys that an operator has accepted without the signature of the one before, from outside as well. */
  accepted?: readonly AcceptedKey[] | undefined;
  /** The newest checkpoint that is kept outside the database. */
  outside?: Checkpoint | undefined;
  /** Rows in one call. */
  chunk?: number;
  onProgress?: (checked: number) => void;
  signal?: AbortSignal;
}

// Two cores are kept busy; some seconds at most in one statement.
const atOnce = 2;
const defaultChunk = 50_000;

/**
 * Checks the whole audit log: every row against its hash, every chain against its lane, every lane against the signed
 * checkpoints, and those against the copy outside. Rows that come meanwhile do no harm.
 *
 * @throws UnavailableError when the database goes away meanwhile
 */
export async function verifyAuditLog(options: VerifyOptions): Promise<Verification> {
  const { db, chunk = defaultChunk, onProgress, signal } = options;
  const chains = await chainsOf(db);
  let checked = 0;
  const bad: Bad[] = [];
  const ends = new Map<string, { seq: number; hash: string }>();
  const queue = [...chains];
  const work = async () => {
    for (let chain = queue.shift(); chain; chain = queue.shift()) {
      const { end, bad: inChain } = await walkChain(db, chain, chunk, (rows) => {
        signal?.throwIfAborted();
        checked += rows;
        onProgress?.(checked);
      });
      if (end.seq > 0) ends.set(keyOf(chain), end);
      bad.push(...inChain);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));

  const signed = await createSignedHeads(options);
  bad.push(...signed.problems);
  for (const [day, lanes] of signed.heads) {
    for (const [lane, heads] of lanes) bad.push(...(await differing(db, { day, lane }, heads)));
  }
  if (signed.retired.size > 0) {
    for (const { day, lane } of await chainsOf(db)) {
      if (signed.retired.has(day))
        bad.push({ day, lane, seq: 1, reason: 'its day was dropped, and has rows again' });
    }
  }
  const newest = chains.findLast((chain) => ends.has(keyOf(chain)));
  const end = newest && ends.get(keyOf(newest));
  const sorted = bad.toSorted(byPlace);
  const problems = markAcknowledged(sorted, await readAcknowledgements(db));
  const first = sorted.find((_, index) => problems[index]?.acknowledged === null);
  const open = problems.filter(({ acknowledged }) => acknowledged === null);
  return {
    ok: open.length === 0,
    checked,
    first_bad: first ? { ...first, found: undefined } : null,
    problems,
    damage: damageDigest(open),
    head: newest && end ? { ...newest, ...end } : null,
    checkpoint: signed.last ? { n: signed.last.n, signed: signed.lastIsSigned } : null,
  };
}

/** A chain that was computed anew is right in itself; what it cannot have is the hashes that were signed. */
async function differing(db: Db, chain: Chain, heads: Map<number, string>): Promise<Bad[]> {
  const seqs = [...heads.keys()].toSorted((a, b) => a - b);
  const found = await hashesAt(db, chain, seqs);
  return seqs
    .filter((seq) => found.get(seq) !== heads.get(seq))
    .map((seq) => {
      const hash = found.get(seq);
      return hash === undefined
        ? { ...chain, seq, reason: 'a checkpoint signed it, and it is missing' }
        : {
            ...chain,
            seq,
            reason:
              'its hash is not the one that a checkpoint signed: this row, or one before it, was replaced',
            found: hash,
          };
    });
}

const keyOf = ({ day, lane }: Chain) => `${day}/${lane}`;

function byPlace(a: Bad, b: Bad): number {
  return (
    (a.day ?? '').localeCompare(b.day ?? '') || (a.lane ?? -1) - (b.lane ?? -1) || (a.seq ?? 0) - (b.seq ?? 0)
  );
}
