import { randomUUID } from 'node:crypto';
import type { createApprovals, StandInResponse } from './stand-in-state.fixture.ts';

interface Grant {
  id: string;
  outcome: string | null;
}

type Effect = 'allow' | 'deny' | 'require_approval';

const reasons = {
  allow: [],
  deny: [{ code: 'denied', detail: 'the policy denies it' }],
  require_approval: [{ code: 'approval_required', detail: 'the policy asks for approval' }],
};

/** The guard of the stand-in gateway. It asks for approval until it is told otherwise. */
export function createGuard(approvals: ReturnType<typeof createApprovals>) {
  let effect: Effect = 'require_approval';
  let counts = false;
  const grants = new Map<string, Grant>();
  const works = new Map<string, Grant>();
  const granted = (): Grant => {
    const grant = { id: randomUUID(), outcome: null };
    grants.set(grant.id, grant);
    return grant;
  };
  const answer = (more: object = {}): StandInResponse => ({
    status: 200,
    body: { effect, rule: `gate:${effect}`, reasons: reasons[effect], ...more },
  });

  return {
    /** What the policy says from now on; `counted`: an allow counts against limits. */
    say(next: Effect, { counted = false } = {}): void {
      effect = next;
      counts = counted;
    },
    grants: () => [...grants.values()],
    decide(agent: string, key: string | undefined, body: Record<string, unknown>): StandInResponse {
      const { request_approval: asks, once, ...rest } = body;
      const work = `${agent} ${key}`;
      const known = works.get(work);
      if (effect === 'deny') return answer();
      if (effect === 'allow') {
        if (known) return answer({ grant_id: known.id, repeated: true, outcome: known.outcome });
        const grant = once === true || counts ? granted() : undefined;
        if (grant && once === true) works.set(work, grant);
        return answer(grant ? { grant_id: grant.id } : {});
      }
      if (asks !== true) return answer();
      const asked = approvals.ask(agent, key, rest as { action: string; details: object });
      return asked.status === 201 ? answer({ approval: asked.body }) : asked;
    },
    report(id: string, { status }: Record<string, unknown>): StandInResponse {
      const grant = grants.get(id);
      if (grant === undefined) return { status: 404, body: { status: 404, code: 'not_found' } };
      grant.outcome ??= String(status);
      return { status: 200, body: { grant_id: id, status, before_effect: false } };
    },
  };
}
