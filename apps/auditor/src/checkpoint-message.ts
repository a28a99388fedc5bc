import { checkpointDigest, readPayload, type Checkpoint } from '@actp/db/audit/checkpoint';

/** The day's checkpoint as a message: enough to hold a database against it later. One for each UTC day. */
export function checkpointMessage(
  checkpoint: Checkpoint,
  publicKey: string,
): { key: string; text: string } | undefined {
  const payload = readPayload(checkpoint);
  if (!payload) return undefined;
  const day = payload.at.slice(0, 10);
  const rows = payload.heads.reduce((sum, head) => sum + head.seq, 0);
  return {
    key: `audit-checkpoint:${day}`,
    text: [
      `🔏 Audit checkpoint ${payload.n}, ${payload.at.slice(0, 16).replace('T', ' ')} UTC`,
      `${rows} rows in ${payload.heads.length} chains`,
      `digest ${checkpointDigest(checkpoint)}`,
      `signature ${checkpoint.signature}`,
      `key ${publicKey}`,
    ].join('\n'),
  };
}
