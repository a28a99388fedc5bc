import { json, operatorToken, type TestGateway } from '../gateway.fixture.ts';
import type { Approval } from '@actp/services/approvals/approval-schema';

/** What the tests ask for. */
export const ask = {
  action: 'dm.bulk_send',
  details: { recipients: 25, message: 'hello' },
};

/** The calls about approvals as an agent and an operator make them. */
export async function approvalCalls(gateway: TestGateway) {
  const asOperator = { authorization: `Bearer ${await operatorToken(gateway)}` };
  const create = async (body: unknown = ask, headers: Record<string, string> = {}) => {
    const answer = await gateway.fetch('/v1/approvals', json(body, headers));
    return { status: answer.status, body: (await answer.json()) as Approval };
  };
  const post = async (id: string, what: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await gateway.fetch(`/v1/approvals/${id}/${what}`, json(body, headers));
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const decide = (approval: Approval, decision = 'approved', over: Record<string, unknown> = {}) =>
    post(approval.id, 'decision', { decision, action_digest: approval.action_digest, ...over }, asOperator);
  return { asOperator, create, post, decide };
}
