import type { TestGateway } from '../gateway.fixture.ts';
import { json } from '../gateway.fixture.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown> & { code?: string; errors?: Array<{ field: string }> };
}

/** Calls of operators and agents about keys, at any gateway. */
export function agentCalls(gateway: TestGateway, operatorToken: string) {
  const asOperator = { authorization: `Bearer ${operatorToken}` };
  const call = async (path: string, init: RequestInit = {}, at = gateway): Promise<Answer> => {
    const answer = await at.fetch(path, init);
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  return {
    asOperator,
    call,
    create: (body: unknown) => call('/v1/agents', json(body, asOperator)),
    rotate: (id: string, body: unknown = {}) =>
      call(`/v1/agents/${encodeURIComponent(id)}/rotate`, json(body, asOperator)),
    remove: (id: string) =>
      call(`/v1/agents/${encodeURIComponent(id)}`, { method: 'DELETE', headers: asOperator }),
    list: (query = '') => call(`/v1/agents${query}`, { headers: asOperator }),
    /** A new agent's key. */
    async keyOf(id: string, more: object = {}): Promise<string> {
      const { status, body } = await call('/v1/agents', json({ id, ...more }, asOperator));
      if (status !== 201) throw new Error(`agent ${id} was not made: ${JSON.stringify(body)}`);
      return String(body['key']);
    },
  };
}

/** The headers of an agent that shows a key. */
export const withKey = (key: unknown, more: Record<string, string> = {}): Record<string, string> => ({
  authorization: `Bearer ${String(key)}`,
  ...more,
});
