import { join } from 'node:path';
import process from 'node:process';
import { messageOf } from '@actp/shared/errors';
import { storesEnv } from './stores-env.ts';

/* npm run stores: prints addresses and keys of the embedded stores, in the form of `.env`. */

const root = join(import.meta.dirname, '..', '..', '..', '..');
try {
  const env = await storesEnv(root, process.env);
  // No value has a quote in it: passwords in URLs are encoded, keys are JWTs.
  for (const [name, value] of Object.entries(env)) process.stdout.write(`${name}="${value}"\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
