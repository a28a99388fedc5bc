import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { loadPolicy } from '@actp/policy/load-policy';
import { sweepApprovals } from '@actp/services/approvals/sweep';
import type { Approval } from '@actp/services/approvals/approval-schema';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { approvalCalls } from '../approvals/approvals.fixture.ts';
import { json, log, openGateway } from '../gateway.fixture.ts';

const stores = await openStores();
const folder = await mkdtemp(join(tmpdir(), 'actp-stricter-'));
atEnd(() => rm(folder, { recursive: true }));
const file = join(folder, 'policy.yaml');
let named = 0;
/** A gate that covers a marker as well, by which the change is seen. */
const policyWith = async (gate: string) => {
  named += 1;
  const marker = `{ action: marker.n${named}, effect: deny }`;
  const gates = [gate, marker].map((line) => `  - ${line}\n`).join('');
  await writeFile(file, `version: 1\ntools: { allow: [] }\ngates:\n${gates}defaults: { effect: allow }\n`);
  return `marker.n${named}`;
};
await policyWith('{ action: a.b, approval: required }');
const gateway = await openGateway(stores, { POLICY_FILE: file });
const { asOperator, create, post, decide } = await approvalCalls(gateway);
const change = async (gate: string) => {
  const marker = await policyWith(gate);
  await eventually(async () => {
    const answer = await gateway.fetch('/v1/guard', json({ action: marker, details: {} }));
    return ((await answer.json()) as { effect: string }).effect === 'deny';
  });
};

const payload = { action: 'a.b', details: { n: 1 } };
const pending = async (over: object = {}) => (await create({ ...payload, ...over })).body;
const approved = async () => {
  const approval = await pending();
  await decide(approval);
  return approval;
};
const redeem = ({ id }: Approval) => post(id, 'redeem', payload);
const refused = (rule: string) => ({ status: 403, body: { code: 'policy_denied', rule } });
const inserted = async (action: string) => {
  const { rows } = await stores.sql.query<{ id: string }>(
    `insert into actp_approval_queue (action, details, requested_by) values ($1, '{"n": 1}', 'py') returning id`,
    [action],
  );
  return rows[0]?.id ?? '';
};
const sweep = async () => {
  const loaded = await loadPolicy(file);
  await sweepApprovals({
    db: createDb(stores.env, 'scheduler', 20_000),
    policy: () => loaded,
    ttlSeconds: 3_600,
    grantSeconds: 600,
    log,
  });
};
const read = async (id: string) =>
  (await (await gateway.fetch(`/v1/approvals/${id}`, { headers: asOperator })).json()) as Approval;

it('[TRU-006] a policy that became stricter wins over what was asked, approved and inserted before', async () => {
  const yes = await approved();
  const open = await pending();
  const another = await pending();
  const adopted = await inserted('a.b');
  await sweep();
  expect(await read(adopted)).toMatchObject({ status: 'pending', action_digest: expect.any(String) });

  await change('{ action: "a.*", effect: deny }');
  expect(await redeem(yes)).toMatchObject(refused('gate:a.*'));
  expect((await read(yes.id)).redeemed_at).toBeNull();
  expect(await create(payload)).toMatchObject(refused('gate:a.*'));
  expect(await decide(open)).toMatchObject(refused('gate:a.*'));
  expect(await decide(await read(adopted))).toMatchObject(refused('gate:a.*'));
  expect((await decide(another, 'rejected')).status).toBe(200);

  const late = await inserted('A:b');
  await sweep();
  expect(await read(late)).toMatchObject({
    status: 'cancelled',
    decision_reason: 'denied by the policy: gate:a.*',
  });
  expect((await post(late, 'redeem', { action: 'A:b', details: { n: 1 } })).status).not.toBe(200);

  await change('{ action: a.b, approval: required, approvers: 2 }');
  expect(await redeem(yes)).toMatchObject({ status: 403, body: { code: 'policy_denied' } });
  expect(await decide(open)).toMatchObject({ status: 200, body: { status: 'pending', approvers: 2 } });
  expect((await redeem(open)).status).toBe(409);

  await change('{ action: a.b, approval: required }');
  const waiting = await pending();
  await change('{ action: a.b, approval: required, critical: true }');
  const card = await gateway.fetch(`/v1/approvals/${waiting.id}/card`, { headers: asOperator });
  expect(await card.json()).toMatchObject({
    approval: { critical: true },
    card: expect.stringContaining('CRITICAL'),
  });
  expect(await redeem(yes)).toMatchObject({ status: 403, body: { code: 'policy_denied' } });

  await change('{ action: a.b, approval: required }');
  expect((await redeem(yes)).status).toBe(200);
});
