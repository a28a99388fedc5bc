import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createSigner } from '@actp/db/audit/signature';
import { createDb } from '@actp/db/client';
import { readPlane } from '@actp/services/anchor/anchor-store';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { createSigningKeys } from './signing-keys.ts';

const stores = await openStores();
const folder = await mkdtemp(join(tmpdir(), 'actp-signing-keys-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
const db = createDb(stores.env, 'auditor', 20_000);
const own = createSigner('audit-signing-key-of-the-tests-0123456789');
const stranger = createSigner('audit-signing-key-of-somebody-else-012345');

const payload = JSON.stringify({ v: 1, n: 1, at: '', prev: '', kind: 'heads', heads: [] });
await stores.sql.query('insert into actp_audit.checkpoints (n, payload, signature) values (1, $1, $2)', [
  payload,
  stranger.sign(payload),
]);

// An earlier release noted neither its key nor an anchor.
it.each([
  ['is not ours, and nobody has noted which it is', own, undefined, undefined, 'so far (unknown)'],
  ['is not ours, and the file names it', own, undefined, stranger.publicKey, 'is another key'],
  ['is ours', stranger, undefined, undefined, undefined],
  ['is the one that is being replaced', own, stranger, undefined, undefined],
])(
  'a database whose last checkpoint was signed by a key that %s',
  async (how, signer, previous, noted, problem) => {
    const file = checkpointFile(join(folder, how));
    if (noted !== undefined) await file.append([{ public_key: noted }]);
    const keys = createSigningKeys({
      db,
      log: createLogger({ app: 'test', level: 'silent' }),
      signer,
      previous,
      file,
      checkpoints: { rotate: () => Promise.resolve(false) },
    });
    const plane = await readPlane(db);
    if (plane === null) throw new Error('a database is a plane');
    const found = await keys.problemWith({ ...plane, signing_key: null, anchored: false });
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  },
);
