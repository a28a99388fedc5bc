import { json, type TestGateway } from '../gateway.fixture.ts';

interface Active {
  scope: string;
  reason: string;
  since: string;
  set_by: string;
  already_set?: boolean;
}

/** The calls about the kill switch as an operator makes them, and the guard's as an agent does. */
export function killSwitchCalls(gateway: TestGateway, asOperator: Record<string, string>) {
  const lift = async (path: string, body?: unknown) => {
    const answer = await gateway.fetch(`/v1/kill-switch${path}`, {
      ...(body === undefined ? { headers: asOperator } : json(body, asOperator)),
      method: 'DELETE',
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const list = async () => {
    const answer = await gateway.fetch('/v1/kill-switch', { headers: asOperator });
    return ((await answer.json()) as { kill_switches: Active[] }).kill_switches;
  };
  return {
    async set(scope: unknown, reason: unknown = 'it runs away') {
      const answer = await gateway.fetch('/v1/kill-switch', json({ scope, reason }, asOperator));
      return { status: answer.status, body: (await answer.json()) as Active };
    },
    lift,
    list,
    async liftAll() {
      for (const { scope } of await list()) await lift('', { scope });
    },
    async guard(body: object, at: TestGateway = gateway, headers: Record<string, string> = {}) {
      const answer = await at.fetch('/v1/guard', json(body, headers));
      return (await answer.json()) as {
        effect: string;
        rule: string;
        reasons: Array<{ code: string; detail: string }>;
        approval?: unknown;
      };
    },
  };
}
