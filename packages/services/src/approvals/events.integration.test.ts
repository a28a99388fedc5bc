import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { asAgent, openVerbs } from '../verbs.fixture.ts';
import { decideApproval } from './decide.ts';
import { readApprovalEvents } from './events.ts';
import { requestApproval } from './request.ts';

const { deps, operator } = await openVerbs(await openStores());

it('lists what has happened to an approval after a version, oldest first', async () => {
  const { id, action_digest } = await requestApproval(
    deps,
    {
      ...{ action: 'pay', details: {}, requested_by: 'buyer', reason: null, ttl_seconds: 600 },
      ...{ chat_id: null, callback_url: null, idempotency: null },
    },
    asAgent(),
  );
  const decision = { decision: 'approved', action_digest: action_digest ?? '', reason: null } as const;
  const { version } = await decideApproval(deps, id, decision, await operator('ann@example.com'));
  expect(await readApprovalEvents(deps.db, id, 0)).toEqual([
    { version: 1, type: 'pending' },
    { version, type: 'approved' },
  ]);
  expect(await readApprovalEvents(deps.db, id, 1)).toEqual([{ version, type: 'approved' }]);
  expect(await readApprovalEvents(deps.db, id, version)).toEqual([]);
  expect(await readApprovalEvents(deps.db, randomUUID(), 0)).toEqual([]);
});
