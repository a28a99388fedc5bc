import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { claimSignedRequest } from './claim.ts';

const db = createDb((await openStores()).env, 'gateway', 20_000);

it('a signed request is taken once, while it is new', async () => {
  const now = Math.floor(Date.now() / 1_000);
  expect(await claimSignedRequest(db, 'a', now)).toBe('ok');
  expect(await claimSignedRequest(db, 'a', now)).toBe('replayed');
  expect(await claimSignedRequest(db, 'b', now - 3_600)).toBe('stale');
  expect(await claimSignedRequest(db, 'b', now + 3_600)).toBe('stale');
  expect(await claimSignedRequest(db, 'b', now)).toBe('ok');
});
