export type Step =
  /** Approve; the first of two presses when the approval is critical. */
  | 'approve'
  /** The second press of a critical approval. */
  | 'confirm'
  | 'reject'
  /** Not the second press after all. */
  | 'back';

/** A button under a card: which approval, and what pressing it means. */
export interface Button {
  id: string;
  step: Step;
}

/** What a press of it is about. */
export const decisionOf = {
  approve: 'approved',
  confirm: 'approved',
  reject: 'rejected',
  back: 'none',
} as const satisfies Record<Step, string>;

const letters: Record<Step, string> = { approve: 'a', confirm: 'c', reject: 'r', back: 'b' };
const steps = new Map(Object.entries(letters).map(([step, letter]) => [letter, step as Step]));
const idBytes = 16;
/** 128 bits: more than the 96 that are the least for an HMAC (RFC 2104, 5), and with the id within Telegram's 64 bytes. */
export const macBytes = 16;

/** The callback data of a button: 44 of Telegram's 64 bytes. */
export function writeCallbackData({ id, step }: Button, mac: Buffer): string {
  const bytes = Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), mac]);
  return letters[step] + bytes.toString('base64url');
}

/** The button and the MAC in callback data; undefined for anything that we cannot have written. It may still be forged. */
export function readCallbackData(data: string): { button: Button; mac: Buffer } | undefined {
  const step = steps.get(data.slice(0, 1));
  const text = data.slice(1);
  const bytes = Buffer.from(text, 'base64url');
  if (step === undefined || bytes.length !== idBytes + macBytes || bytes.toString('base64url') !== text)
    return undefined;
  const id = bytes
    .subarray(0, idBytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { button: { id, step }, mac: bytes.subarray(idBytes) };
}
