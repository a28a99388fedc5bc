import { json } from '../gateway.fixture.ts';
import type { CallDeps, Calls } from './calls.fixture.ts';

const payload = { action: 'dm.bulk_send', details: { recipients: 25 } };

/** Calls of agents, and of those who decide about what agents ask for. */
export function approvalCalls({ gateway, limited, callers }: CallDeps): Calls {
  const post = async (path: string, body: unknown, headers: Record<string, string>, at = gateway) => {
    const answer = await fetch(`${at.url}${path}`, json(body, headers));
    if (!answer.ok) throw new Error(`${path} gave ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>;
  };
  const asked = async (caller: string) => {
    const { id = '', action_digest } = await post('/v1/approvals', payload, callers.ownerFor(caller).headers);
    return { id, action_digest };
  };
  const approved = async (caller: string) => {
    const { id, action_digest } = await asked(caller);
    const decision = { decision: 'approved', action_digest };
    await post(`/v1/approvals/${id}/decision`, decision, callers.asOperator);
    return id;
  };
  const redeemed = async (caller: string) => {
    const id = await approved(caller);
    await post(`/v1/approvals/${id}/redeem`, payload, callers.ownerFor(caller).headers);
    return id;
  };
  const ofAsked = async (caller: string) => ({ params: { id: (await asked(caller)).id } });
  return {
    'POST /v1/guard': () => ({ body: { action: 'report.read', details: {} } }),
    'POST /v1/guard/{grant_id}/outcome': async (caller) => {
      const request = { action: 'a', details: {} };
      const { headers } = callers.ownerFor(caller);
      const { grant_id = '' } = await post('/v1/guard', request, headers, limited);
      return { params: { grant_id }, body: { status: 'succeeded' } };
    },
    'POST /v1/approvals': () => ({ body: payload }),
    'GET /v1/approvals': () => ({}),
    'GET /v1/approvals/{id}': ofAsked,
    'GET /v1/approvals/{id}/card': ofAsked,
    'GET /v1/approvals/{id}/events': ofAsked,
    'POST /v1/approvals/{id}/decision': async (caller) => {
      const { id, action_digest } = await asked(caller);
      return { params: { id }, body: { decision: 'approved', action_digest } };
    },
    'POST /v1/approvals/{id}/redeem': async (caller) => ({
      params: { id: await approved(caller) },
      body: payload,
    }),
    'POST /v1/approvals/{id}/outcome': async (caller) => ({
      params: { id: await redeemed(caller) },
      body: { status: 'succeeded' },
    }),
    'POST /v1/approvals/{id}/resolution': async (caller) => ({
      params: { id: await redeemed(caller) },
      body: { happened: false },
    }),
    'POST /v1/approvals/{id}/cancel': async (caller) => ({ ...(await ofAsked(caller)), body: {} }),
    'POST /v1/audit/events': (caller) => ({
      body: { agent_id: callers.ownerFor(caller).id, action_type: 'ads.deploy', status: 'ok' },
    }),
  };
}
