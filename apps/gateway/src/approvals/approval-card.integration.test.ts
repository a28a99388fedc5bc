import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { openGateway, registeredUser } from '../gateway.fixture.ts';
import { approvalCalls } from './approvals.fixture.ts';

const gateway = await openGateway(await openStores());
const { asOperator, create, decide } = await approvalCalls(gateway);

interface Answer {
  status: number;
  body: { card?: string; approvable?: boolean; approval?: Record<string, unknown>; code?: string };
}
async function cardOf(id: string, headers: Record<string, string> = asOperator): Promise<Answer> {
  const response = await gateway.fetch(`/v1/approvals/${id}/card`, { headers });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const asked = async (details: object) => (await create({ action: 'dm.bulk_send', details })).body;

describe('GET /v1/approvals/{id}/card', () => {
  it('has every digit and names every invisible character, and no details beside', async () => {
    const { id, action_digest } = await asked({ amount: 0.1, text: '\u001b[2Jhello\u202e' });
    const { status, body } = await cardOf(id);
    expect(status).toBe(200);
    expect(body.card).toContain('▪ text: “⟦U+001B⟧[2Jhello⟦U+202E⟧”');
    expect(body).toMatchObject({ approvable: true, approval: { id, action_digest, status: 'pending' } });
    expect(body.approval).not.toHaveProperty('details');
  });

  it('[TRU-007] withholds what a card withholds, and offers no approval of it', async () => {
    const { body } = await cardOf((await asked({ password: 'Pay90000ToBob!' })).id);
    expect(body.approvable).toBe(false);
    expect(body.card).not.toContain('Pay90000ToBob!');
  });

  it('says what became of it once it is decided', async () => {
    const approval = await asked({ recipients: 30 });
    await decide(approval, 'rejected', { reason: 'not today' });
    const { body } = await cardOf(approval.id);
    expect(body.approvable).toBe(false);
    expect(body.card).toMatch(/^❌ Rejected by .*\nComment: not today\n/);
  });

  it('is for operators, and for approvals that exist', async () => {
    const { id } = await asked({ recipients: 31 });
    const user = await registeredUser(gateway, 'card-reader@example.com');
    expect((await cardOf(id, { authorization: `Bearer ${user.token}` })).status).toBe(403);
    // As the agent that asked.
    expect((await cardOf(id, {})).status).toBe(403);
    expect(await cardOf(randomUUID())).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await cardOf('abc')).status).toBe(400);
  });
});
