import { z } from 'zod';
import type { Db } from '../client.ts';

/** One day's lane. */
export interface Chain {
  day: string;
  lane: number;
}

/** What is wrong, and where: a row by its place (and its ids, when it is there), or a checkpoint by its number. */
export interface Bad {
  day?: string;
  lane?: number;
  seq?: number;
  id?: number | undefined;
  event_id?: string | undefined;
  checkpoint?: number;
  reason: string;
  /** A hash of what is there now, so that damage that was acknowledged is told from later damage at the same place. */
  found?: string | undefined;
}

const noHash = '0'.repeat(64);
const hashesPerCall = 1_000;

const Step = z.object({
  checked: z.int(),
  seq: z.int(),
  hash: z.string(),
  first_bad: z
    .object({ seq: z.int(), id: z.int(), event_id: z.string(), reason: z.string(), found: z.string() })
    .nullable(),
  head: z.object({ seq: z.int(), hash: z.string() }).nullable(),
});

/** Every chain that there should be, or that there is. */
export async function chainsOf(db: Db): Promise<Chain[]> {
  const answer = await db.call((client) => client.rpc('audit_chains'));
  return z.array(z.object({ day: z.string(), lane: z.int() })).parse(answer);
}

/** More bad rows of one chain than a person looks at: the chain was rewritten or cut into pieces. */
const badPerChain = 100;

/** Goes through a chain from its first row on, some at a time, up to what its lane says is its end; past what is bad, to find all of it. */
export async function walkChain(
  db: Db,
  chain: Chain,
  chunk: number,
  onRows: (rows: number) => void,
): Promise<{ end: { seq: number; hash: string }; bad: Bad[] }> {
  let end = { seq: 0, hash: noHash };
  const bad: Bad[] = [];
  for (;;) {
    const step = Step.parse(
      await db.call((client) =>
        client.rpc('verify_audit_chain', {
          p_day: chain.day,
          p_lane: chain.lane,
          p_after: end.seq,
          p_before: end.hash,
          p_limit: chunk,
        }),
      ),
    );
    onRows(step.checked);
    if (step.first_bad) {
      bad.push({ ...chain, ...step.first_bad });
      const { seq } = step.first_bad;
      // What follows is held against the hash that stands there.
      const hash = (await hashesAt(db, chain, [seq])).get(seq);
      if (hash === undefined || bad.length === badPerChain) return { end, bad };
      end = { seq, hash };
      continue;
    }
    end = { seq: step.seq, hash: step.hash };
    if (step.checked === chunk) continue;
    const found = atEnd(chain, end, step.head);
    if (found) bad.push({ ...found, found: end.hash });
    return { end, bad };
  }
}

function atEnd(
  chain: Chain,
  end: { seq: number; hash: string },
  head: z.infer<typeof Step>['head'],
): Bad | undefined {
  if (end.seq > (head?.seq ?? 0)) {
    return { ...chain, seq: (head?.seq ?? 0) + 1, reason: 'it was added behind the end of its chain' };
  }
  if (head && end.seq < head.seq) {
    return { ...chain, seq: end.seq + 1, reason: 'the end of the chain was cut: this row is missing' };
  }
  if (head && end.hash !== head.hash) {
    return { ...chain, seq: end.seq, reason: 'its hash is not the one that its lane keeps' };
  }
  return undefined;
}

/** The hashes at some places of a chain; a row that is missing is left out. */
export async function hashesAt(
  db: Db,
  { day, lane }: Chain,
  seqs: readonly number[],
): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (let at = 0; at < seqs.length; at += hashesPerCall) {
    const answer = await db.call((client) =>
      client.rpc('audit_hashes', { p_day: day, p_lane: lane, p_seqs: seqs.slice(at, at + hashesPerCall) }),
    );
    for (const [seq, hash] of Object.entries(z.record(z.string(), z.string()).parse(answer))) {
      found.set(Number(seq), hash);
    }
  }
  return found;
}
