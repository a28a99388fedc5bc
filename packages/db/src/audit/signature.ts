import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';

export interface Signer {
  /** The public key: SPKI in DER, base64. */
  publicKey: string;
  /** Signs a text (UTF-8) with Ed25519; base64. */
  sign(text: string): string;
}

// PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410, 7).
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param secret `AUDIT_SIGNING_KEY`: the Ed25519 key is made from it, the same one each time */
export function createSigner(secret: string): Signer {
  const seed = hash('sha256', `actp audit checkpoints\n${secret}`, 'buffer');
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  return {
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}

/** Whether a signature of this text was made with the key that belongs to this public one; false for garbage. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
