import { z } from 'zod';
import type { Caller, Client } from './client.ts';
import type { Ledger } from './ledger.ts';

/** One request of the mix. What has to follow it is given back, to be sent in a later turn. */
export type Step = (intended: number) => Promise<FollowUp | undefined>;

export interface FollowUp {
  /** Not before so many milliseconds from now. */
  afterMs: number;
  step: Step;
}

export interface StepDeps {
  client: Client;
  agent: Caller;
  operator: Caller;
  /** Somebody with an account who asks for tasks; undefined leaves tasks out. */
  user: Caller | undefined;
  ledger: Ledger;
  /** The name of the agent, in audit events. */
  agentId: string;
  /** Chats in which cards appear; none: the plane's own. */
  chats: readonly string[];
  /** Presses Approve on the card of an approval; undefined leaves presses out. @returns true once it is decided */
  press: ((id: string, intended: number) => Promise<boolean>) | undefined;
}

const Asked = z.object({ id: z.string(), action_digest: z.string() });
const Task = z.object({ id: z.string() });
const action = 'dm.bulk_send';
const eventsAtOnce = 3;
// A person, and an agent that waits for them, take their time.
const personMs = 1_500;
const agentMs = 200;

/** Every kind of request that starts something. */
export function createSteps(
  deps: StepDeps,
): Record<'guard' | 'audit' | 'approval' | 'press' | 'task' | 'read', Step> {
  const { client, agent, operator, user, ledger, agentId, chats, press } = deps;
  let count = 0;
  let events = 0;
  const details = () => ({ recipients: 25, message: `hello ${(count += 1)}` });

  async function ask(
    intended: number,
    body: { action: string; details: object },
  ): Promise<z.infer<typeof Asked> | undefined> {
    const chat = chats[count % Math.max(1, chats.length)];
    const answer = await client.send({
      route: 'POST /v1/approvals',
      path: '/v1/approvals',
      body: { ...body, ...(chat === undefined ? {} : { chat_id: chat }) },
      caller: agent,
      expect: 201,
      intended,
    });
    if (answer === undefined) return undefined;
    const asked = Asked.parse(answer);
    ledger.approvals.set(asked.id, 'asked');
    return asked;
  }

  const redeem =
    (id: string, body: object): Step =>
    async (intended) => {
      const route = 'POST /v1/approvals/{id}/redeem';
      const answer = await client.send({
        route,
        path: `/v1/approvals/${id}/redeem`,
        body,
        caller: agent,
        expect: 200,
        intended,
      });
      if (answer === undefined) return undefined;
      ledger.approvals.set(id, 'redeemed');
      return { afterMs: agentMs, step: outcome(id) };
    };

  const outcome =
    (id: string): Step =>
    async (intended) => {
      const route = 'POST /v1/approvals/{id}/outcome';
      const body = { status: 'succeeded' };
      await client.send({
        route,
        path: `/v1/approvals/${id}/outcome`,
        body,
        caller: agent,
        expect: 200,
        intended,
      });
      return undefined;
    };

  return {
    async guard(intended) {
      const body = {
        action: 'ads.preview',
        details: { budget: count },
        text: 'A page about the tides of the North Sea.',
        text_source: 'web',
      };
      await client.send({
        route: 'POST /v1/guard',
        path: '/v1/guard',
        body,
        caller: agent,
        expect: 200,
        intended,
      });
      return undefined;
    },
    async audit(intended) {
      const numbers = Array.from({ length: eventsAtOnce }, () => (events += 1));
      const body = {
        events: numbers.map((n) => ({
          agent_id: agentId,
          action_type: 'load.event',
          status: 'ok',
          result: { n },
        })),
      };
      const answer = await client.send({
        route: 'POST /v1/audit/events',
        path: '/v1/audit/events',
        body,
        caller: agent,
        expect: 202,
        intended,
      });
      if (answer !== undefined) for (const n of numbers) ledger.events.add(n);
      return undefined;
    },
    async approval(intended) {
      const payload = { action, details: details() };
      const asked = await ask(intended, payload);
      if (asked === undefined) return undefined;
      const { id, action_digest } = asked;
      const decide: Step = async (when) => {
        const route = 'POST /v1/approvals/{id}/decision';
        const body = { decision: 'approved', action_digest };
        const answer = await client.send({
          route,
          path: `/v1/approvals/${id}/decision`,
          body,
          caller: operator,
          expect: 200,
          intended: when,
        });
        if (answer === undefined) return undefined;
        ledger.approvals.set(id, 'approved');
        return { afterMs: agentMs, step: redeem(id, payload) };
      };
      return { afterMs: personMs, step: decide };
    },
    async press(intended) {
      const payload = { action, details: details() };
      const asked = await ask(intended, payload);
      if (asked === undefined || press === undefined) return undefined;
      const decided = await press(asked.id, performance.now());
      if (!decided) return undefined;
      ledger.approvals.set(asked.id, 'approved');
      return { afterMs: agentMs, step: redeem(asked.id, payload) };
    },
    async task(intended) {
      if (user === undefined) return undefined;
      const body = { prompt: 'Research how tides are predicted', max_spend: 1 };
      const answer = await client.send({
        route: 'POST /v1/tasks',
        path: '/v1/tasks',
        body,
        caller: user,
        expect: 202,
        intended,
      });
      if (answer === undefined) return undefined;
      const { id } = Task.parse(answer);
      ledger.tasks.add(id);
      const read: Step = async (when) => {
        await client.send({
          route: 'GET /v1/tasks/{id}',
          path: `/v1/tasks/${id}`,
          method: 'GET',
          caller: user,
          expect: 200,
          intended: when,
        });
        return undefined;
      };
      return { afterMs: personMs, step: read };
    },
    async read(intended) {
      const path = '/v1/approvals?status=pending&limit=20';
      await client.send({
        route: 'GET /v1/approvals',
        path,
        method: 'GET',
        caller: operator,
        expect: 200,
        intended,
      });
      return undefined;
    },
  };
}
