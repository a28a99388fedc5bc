import { canonicalJson } from './canonical-json.ts';

export interface Work {
  action: string;
  details: object;
  agentId: string;
  /** What tells this work from the same work wanted another time, for instance an order number. */
  workId: string | undefined;
}

/**
 * The Idempotency-Key of a piece of work: whoever asks for the same work again, also after a crash, gets the approval
 * that was asked for first.
 *
 * @returns `work-` and 64 hex digits (SHA-256)
 */
export async function workKey({ action, details, agentId, workId = '' }: Work): Promise<string> {
  const text = new TextEncoder().encode(canonicalJson({ action, details, agentId, workId }));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return `work-${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
