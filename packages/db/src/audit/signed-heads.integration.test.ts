import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { auditLog } from './audit.fixture.ts';
import { checkpointDigest, type Checkpoint, type CheckpointPayload, type Head } from './checkpoint.ts';
import type { AcceptedKey } from './checkpoint-file.ts';
import { createSignedHeads } from './signed-heads.ts';
import { createSigner, isSignedBy } from './signature.ts';

const { db, tamper } = auditLog(await openStores());
const [old, next, stranger] = ['old', 'next', 'stranger'].map((name) =>
  createSigner(`${name}-signing-key-of-the-tests-0123456789`),
);
if (!old || !next || !stranger) throw new Error('three keys are made');
const publicKey = old.publicKey;

interface Made {
  n?: number;
  by?: typeof old;
  over?: Partial<CheckpointPayload>;
  /** Of another checkpoint than the one before. */
  prev?: string;
}
const head = (seq: number, day = '2026-03-01'): Head => ({ day, lane: 0, seq, hash: `hash-${seq}` });

/** A chain of checkpoints, each of which names the one before. */
function chainOf(parts: Made[]): Checkpoint[] {
  const made: Checkpoint[] = [];
  for (const { n = made.length + 1, by = old, over = {}, prev } of parts) {
    const before = made.at(-1);
    const text = JSON.stringify({
      v: 1,
      n,
      kind: 'heads',
      at: '2026-03-01T00:00:00Z',
      prev: prev ?? (before === undefined ? '' : checkpointDigest(before)),
      heads: [head(n)],
      ...over,
    });
    made.push({ n, payload: text, signature: (by ?? old)?.sign(text) ?? '' });
  }
  return made;
}

async function read(
  checkpoints: Checkpoint[],
  more: { publicKey?: string; accepted?: AcceptedKey[]; outside?: Checkpoint } = { publicKey },
) {
  await tamper(async (owner) => {
    await owner.query('truncate actp_audit.checkpoints');
    for (const { n, payload, signature } of checkpoints) {
      await owner.query('insert into actp_audit.checkpoints (n, payload, signature) values ($1, $2, $3)', [
        n,
        payload,
        signature,
      ]);
    }
  });
  const { heads, retired, last, lastIsSigned, problems } = await createSignedHeads({ db, ...more });
  return {
    places: [...heads].flatMap(([day, lanes]) =>
      [...lanes.values()].flatMap((places) => [...places.keys()].map((seq) => `${day} ${seq}`)),
    ),
    retired: [...retired],
    last: last?.n,
    lastIsSigned,
    problems: problems.map(({ checkpoint, reason }) => `${checkpoint}: ${reason}`),
  };
}

const fine = { problems: [], lastIsSigned: true };
const day = '2026-03-01';
const unsigned = (n: number) => `${n}: this checkpoint is not signed by the auditor`;
const loose = (n: number) => `${n}: this checkpoint does not follow the one before it`;

describe('[SEC-019] checkpoints', () => {
  it('say which hashes were signed, and that the newest is', async () => {
    expect(await read(chainOf([{}, {}, {}]))).toEqual({
      ...fine,
      places: [`${day} 1`, `${day} 2`, `${day} 3`],
      retired: [],
      last: 3,
    });
    expect(await read([])).toEqual({
      problems: [],
      lastIsSigned: false,
      places: [],
      retired: [],
      last: undefined,
    });
  });

  it('without a key say what they say, and that it is not known who signed', async () => {
    const seen = await read(chainOf([{ by: stranger }]), {});
    expect(seen).toMatchObject({ problems: [], lastIsSigned: false, places: [`${day} 1`] });
  });

  it('that somebody else signed say nothing, and are named, each of them', async () => {
    const seen = await read(chainOf([{}, { by: stranger }, {}, { by: stranger }]));
    expect(seen).toMatchObject({ lastIsSigned: false, last: 4, places: [`${day} 1`, `${day} 3`] });
    expect(seen.problems).toEqual([unsigned(2), unsigned(4)]);
  });

  it('that somebody else signed drop no day, and change no key', async () => {
    const gone: Partial<CheckpointPayload> = { kind: 'retired', day, heads: [] };
    const dropped = await read(chainOf([{}, { by: stranger, over: gone }]));
    expect(dropped).toMatchObject({ retired: [], places: [`${day} 1`], problems: [unsigned(2)] });
    const key: Partial<CheckpointPayload> = { kind: 'key', key: stranger.publicKey, heads: [] };
    const rotated = await read(chainOf([{}, { by: stranger, over: key }, { by: stranger }]));
    expect(rotated.problems).toEqual([unsigned(2), unsigned(3)]);
    expect(rotated.lastIsSigned).toBe(false);
    // Nor does one whose signer is not known.
    expect(await read(chainOf([{ over: key }, { by: stranger }]), {})).toMatchObject({ lastIsSigned: false });
  });

  it('drop a day for good, and what was signed of it', async () => {
    const other = { heads: [head(9, '2026-03-02')] };
    const gone: Partial<CheckpointPayload> = { kind: 'retired', day, heads: [head(1)] };
    const seen = await read(chainOf([{}, { over: other }, { over: gone }]));
    expect(seen).toEqual({ ...fine, places: ['2026-03-02 9'], retired: [day], last: 3 });
  });

  it('are signed with another key from where the one before has said so', async () => {
    const key: Partial<CheckpointPayload> = { kind: 'key', key: next.publicKey, heads: [] };
    expect(await read(chainOf([{}, { over: key }, { by: next }]))).toMatchObject(fine);
    const back = await read(chainOf([{}, { over: key }, { by: old }]));
    expect(back.problems).toEqual([unsigned(3)]);
    const early = await read(chainOf([{ by: next }, { over: key }, { by: next }]));
    expect(early.problems).toEqual([unsigned(1)]);
    const heads = await read(chainOf([{ over: { key: next.publicKey } }, { by: next }]));
    expect(heads.problems).toEqual([unsigned(2)]);
  });

  it('are signed with a key that an operator has accepted, from its place on', async () => {
    const accepted = [
      { from: 2, publicKey: stranger.publicKey },
      { from: 2, publicKey: next.publicKey },
    ];
    const made = chainOf([{}, { by: next }, { by: next }]);
    expect(await read(made, { publicKey, accepted })).toMatchObject(fine);
    const early = await read(chainOf([{ by: next }, { by: next }]), { publicKey, accepted });
    expect(early.problems).toEqual([unsigned(1)]);
    const replaced = await read(chainOf([{}, { by: stranger }]), { publicKey, accepted });
    expect(replaced.problems).toEqual([unsigned(2)]);
  });

  it('follow each other by number and digest', async () => {
    const missing = await read(chainOf([{}, { n: 3 }]));
    expect(missing.problems).toEqual(['2: this checkpoint is missing']);
    const first = await read(chainOf([{ n: 2 }]));
    expect(first.problems).toEqual(['1: this checkpoint is missing']);
    expect((await read(chainOf([{}, { prev: 'another' }, {}]))).problems).toEqual([loose(2)]);
    expect((await read(chainOf([{ prev: 'another' }]))).problems).toEqual([loose(1)]);
    expect((await read(chainOf([{}, { over: { n: 3 } }]))).problems).toEqual([loose(2)]);
    expect((await read(chainOf([{ over: { v: 2 as 1 } }]))).problems).toEqual([loose(1)]);
    expect((await read(chainOf([{}, { prev: 'another' }]), {})).problems).toEqual([loose(2)]);
  });

  it('are held against the one that is kept outside', async () => {
    const made = chainOf([{}, {}]);
    const [one, two] = made;
    const [, other] = chainOf([{}, { over: { at: '2026-04-01T00:00:00Z' } }]);
    const [, , later] = chainOf([{}, {}, {}]);
    if (!one || !two || !other || !later) throw new Error('they were made');
    for (const outside of [one, two]) expect((await read(made, { publicKey, outside })).problems).toEqual([]);
    expect((await read(made, { publicKey, outside: other })).problems).toEqual([
      '2: this checkpoint is not the one that is kept outside the database',
    ]);
    for (const checkpoints of [made, []]) {
      const { problems } = await read(checkpoints, { publicKey, outside: later });
      expect(problems).toEqual([
        '3: this checkpoint is kept outside the database and missing in it: the log was cut, or comes from an older copy',
      ]);
    }
  });
});

describe('[SEC-019] a signature', () => {
  it('is of one text, by one key', () => {
    const signature = old.sign('text');
    expect(isSignedBy(publicKey, 'text', signature)).toBe(true);
    expect(isSignedBy(publicKey, 'text ', signature)).toBe(false);
    expect(isSignedBy(next.publicKey, 'text', signature)).toBe(false);
    for (const garbage of ['', 'AAAA', `${signature.slice(0, -4)}AAA=`]) {
      expect(isSignedBy(publicKey, 'text', garbage)).toBe(false);
    }
    expect(isSignedBy('no key', 'text', signature)).toBe(false);
  });

  it('is the same each time, of the same secret alone', () => {
    const again = createSigner('old-signing-key-of-the-tests-0123456789');
    expect([again.publicKey, again.sign('text')]).toEqual([publicKey, old.sign('text')]);
    expect(next.publicKey).not.toBe(publicKey);
  });
});
