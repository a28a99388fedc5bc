import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { atEnd } from './at-end.ts';
import type { Certificate } from './redis-server.ts';

const run = promisify(execFile);

/**
 * A certificate of an authority that nobody knows, made with openssl.
 *
 * @param names what it is for, as openssl writes them: `IP:127.0.0.1,DNS:localhost`
 */
export async function makeCertificate(names: string): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'actp-certificate-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const file = (name: string) => join(folder, name);
  const [ca, caKey, cert, key] = [file('ca.pem'), file('ca-key.pem'), file('cert.pem'), file('key.pem')];
  const openssl = (...words: string[]) => run('openssl', words);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    caKey,
    '-out',
    ca,
    '-subj',
    '/CN=Test authority',
    '-days',
    '2',
  );
  await openssl('req', ...newKey, '-keyout', key, '-out', file('request.pem'), '-subj', '/CN=Test server');
  await writeFile(file('names'), `subjectAltName=${names}\n`);
  await openssl(
    ...['x509', '-req', '-in', file('request.pem'), '-CA', ca, '-CAkey', caKey, '-CAcreateserial'],
    ...['-out', cert, '-days', '2', '-extfile', file('names')],
  );
  return { cert, key, ca };
}
