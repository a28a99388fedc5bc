import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

// What Postgres itself uses (scram_iterations).
const iterations = 4096;

/**
 * What Postgres stores instead of a password (RFC 5803). Sent in place of the password, so that no statement that ends
 * up in a log holds it.
 */
export function scramVerifier(password: string, salt = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
