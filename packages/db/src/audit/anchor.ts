import { z } from 'zod';
import { Head } from './checkpoint.ts';
import { isSignedBy, type Signer } from './signature.ts';

/** A kill switch as the anchor keeps it. */
const Stopped = z.object({ scope: z.string(), reason: z.string(), set_by: z.string(), since: z.string() });

/** How far a plane had come: what a database that is older, or another one, does not have. */
export const AnchorFacts = z.object({
  plane_id: z.uuid(),
  /** Grows with each accepted restore. */
  epoch: z.int().positive(),
  /** How many rows the audit log has had. */
  total: z.int().nonnegative(),
  /** The ends of the newest chains. */
  heads: z.array(Head),
  /** What was stopped at that moment. */
  stopped: z.array(Stopped),
});
export type AnchorFacts = z.infer<typeof AnchorFacts>;

const Payload = AnchorFacts.extend({ v: z.literal(1), kind: z.literal('anchor'), at: z.string() });
const Signed = z.object({ payload: z.string(), signature: z.string(), key: z.string() });

/** What an anchor file turned out to hold. */
export type ReadAnchor = { is: 'valid'; facts: AnchorFacts; at: string } | { is: 'unusable'; why: string };

/** @param at when, as an ISO 8601 time */
export function writeAnchor(facts: AnchorFacts, at: string, signer: Signer): string {
  const payload = JSON.stringify({ v: 1, kind: 'anchor', at, ...facts });
  return `${JSON.stringify({ payload, signature: signer.sign(payload), key: signer.publicKey }, null, 2)}\n`;
}

/** @param publicKeys whose signature counts */
export function readAnchor(text: string, publicKeys: readonly string[]): ReadAnchor {
  const signed = Signed.safeParse(jsonOf(text));
  if (!signed.success) return { is: 'unusable', why: 'it is not an anchor' };
  const { payload, signature } = signed.data;
  if (!publicKeys.some((key) => isSignedBy(key, payload, signature))) {
    return { is: 'unusable', why: 'it is not signed with AUDIT_SIGNING_KEY' };
  }
  const parsed = Payload.safeParse(jsonOf(payload));
  if (!parsed.success) return { is: 'unusable', why: 'this release does not understand it' };
  const { at, v: _v, kind: _kind, ...facts } = parsed.data;
  return { is: 'valid', facts, at };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
