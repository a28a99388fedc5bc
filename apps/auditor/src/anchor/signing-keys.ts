import { hash } from 'node:crypto';
import { lastCheckpoint } from '@actp/db/audit/checkpoint';
import type { CheckpointFile } from '@actp/db/audit/checkpoint-file';
import { isSignedBy, type Signer } from '@actp/db/audit/signature';
import type { Db } from '@actp/db/client';
import { isReleased, type Plane } from '@actp/services/anchor/anchor-store';
import type { Logger } from '@actp/shared/log';
import type { Checkpoints } from '../checkpoints.ts';

export interface SigningKeys {
  /** Why this key must not sign here; undefined when it may. */
  problemWith(plane: Plane): Promise<string | undefined>;
  /** Other keys whose anchor counts: the one that is being replaced, and the one that the database expects. */
  earlier(plane: Plane): string[];
  /** The key that has signed here so far, or this one where none has. */
  expected(plane: Plane): Promise<string>;
  /** Notes outside of the database that an operator has accepted this key without the old one's signature. */
  trustAccepted(plane: Plane): Promise<void>;
  /** Records the new key where the plane still has the old one; the old one signs that. */
  rotate(plane: Plane): Promise<void>;
}

export interface SigningKeysDeps {
  db: Db;
  log: Logger;
  signer: Signer;
  /** Of AUDIT_SIGNING_KEY_PREVIOUS. */
  previous: Signer | undefined;
  file: CheckpointFile;
  checkpoints: Pick<Checkpoints, 'rotate'>;
}

/** Holds the key of this auditor against the one that has signed in this database so far. */
export function createSigningKeys(deps: SigningKeysDeps): SigningKeys {
  const { db, log, signer, previous, file, checkpoints } = deps;
  const ours = [signer, ...(previous === undefined ? [] : [previous])].map(({ publicKey }) => publicKey);

  async function expectedKey(plane: Plane): Promise<string | undefined> {
    if (plane.signing_key !== null) return plane.signing_key;
    // An operator has accepted another key: the next checkpoint is the first that it signs.
    if (plane.anchored) return undefined;
    // A database of an earlier release, which did not note its key.
    const last = await lastCheckpoint(db);
    if (last === undefined) return undefined;
    const signed = ours.find((key) => isSignedBy(key, last.payload, last.signature));
    if (signed !== undefined) return signed;
    const { publicKey } = await file.read();
    return publicKey ?? 'unknown';
  }

  return {
    async problemWith(plane) {
      const expected = await expectedKey(plane);
      if (expected === undefined || ours.includes(expected)) return undefined;
      return (
        `AUDIT_SIGNING_KEY is another key (${keyId(signer.publicKey)}) than the one that has signed the audit log so far ` +
        `(${expected === 'unknown' ? 'unknown' : keyId(expected)}). Put the old one back; or set it as AUDIT_SIGNING_KEY_PREVIOUS ` +
        'beside the new one, and start again. If it is lost: npm run restore -- --accept --new-signing-key'
      );
    },
    earlier: (plane) => [
      ...(previous === undefined ? [] : [previous.publicKey]),
      ...(plane.signing_key === null ? [] : [plane.signing_key]),
    ],
    expected: async (plane) => (await expectedKey(plane)) ?? signer.publicKey,
    async trustAccepted(plane) {
      if (!isReleased(plane) || plane.signing_key !== null || !plane.anchored) return;
      const last = await lastCheckpoint(db);
      await file.trust({ publicKey: signer.publicKey, from: (last?.n ?? 0) + 1 });
      log.warn(
        { key: keyId(signer.publicKey) },
        'another key signs from now on, as an operator has accepted',
      );
    },
    async rotate(plane) {
      const expected = await expectedKey(plane);
      if (previous === undefined || expected !== previous.publicKey || expected === signer.publicKey) return;
      if (!(await checkpoints.rotate(previous))) return;
      log.warn(
        { old: keyId(previous.publicKey), new: keyId(signer.publicKey) },
        'another key signs checkpoints from now on',
      );
    },
  };
}

/** Short enough to be compared by people. */
const keyId = (publicKey: string): string => hash('sha256', publicKey).slice(0, 12);
