import { createHash, randomBytes } from 'node:crypto';

const prefix = 'actp_key_';

/** A new key: 256 random bits behind a prefix by which scanners and our own redaction find it. */
export const newAgentKey = (): string => `${prefix}${randomBytes(32).toString('hex')}`;

/** Whether a credential wants to be an agent's key, right or wrong. */
export const looksLikeAgentKey = (text: string): boolean => text.startsWith(prefix);

/** What is stored of a key, and compared: as many random bits need no slow hash, and no salt. */
export const hashAgentKey = (key: string): string => createHash('sha256').update(key).digest('hex');
