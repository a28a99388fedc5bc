import { LoggedEvent } from '@actp/services/audit/read';
import { z } from 'zod';
import { userAgent } from '../api.ts';
import { check, checkEqual } from '../check.ts';
import type { Person } from '../person.ts';
import type { Chapter } from '../step.ts';
import type { People } from '../world.ts';
import { tasksOf } from './accounting.ts';

const Page = z.object({ events: z.array(LoggedEvent), next_cursor: z.string().nullable() });
const Verification = z.object({ ok: z.boolean(), checked: z.int() });

export const auditLog = ({ ann, bob, operator }: People): Chapter => ({
  title: 'Audit log',
  steps: [
    {
      name: 'as the user',
      async run() {
        const ids = new Set((await tasksOf(ann)).map(({ id }) => id));
        const events = await eventsOf(ann);
        const own = new Set([`user:${ann.email}`, `login:${ann.email}`]);
        const others = events.filter(
          ({ agent_id, task_id }) => !own.has(agent_id) && !(task_id !== null && ids.has(task_id)),
        );
        checkEqual(others, [], 'what is not Ann’s');
        const traced = events.filter(({ task_id }) => task_id !== null);
        checkEqual(new Set(traced.map(({ task_id }) => task_id)).size, ids.size, 'the number of tasks in it');
        check(
          events.some(({ action_type }) => action_type === 'security.policy_violation'),
          'the refused max_spend has to be in it',
        );
        return `${events.length} events of ${ids.size} tasks and of herself, none of others`;
      },
    },
    {
      name: 'as the operator',
      async run() {
        const events = await eventsOf(operator);
        const ids = new Set((await tasksOf(ann)).map(({ id }) => id));
        const traced = events.filter(({ task_id }) => task_id !== null && ids.has(task_id));
        const bare = traced.filter((event) => event.ip_address === null || event.user_agent !== userAgent);
        checkEqual(bare, [], 'what has no address or no user agent');
        check(
          events.some(({ agent_id }) => agent_id === `user:${bob.email}`),
          'the operator has to see Bob’s events',
        );
        const decided = traced.filter(({ agent_id }) => agent_id.startsWith('operator:')).length;
        return `${events.length} events; ${traced.length} of tasks, each with address and user agent, ${decided} by the operator`;
      },
    },
    {
      name: 'verify',
      async run() {
        const answer = await operator.call('/v1/audit/verify', { expect: 200 });
        const { ok, checked } = Verification.parse(answer);
        check(ok, 'the chain has to verify', answer);
        return `intact, ${checked} rows checked`;
      },
    },
  ],
});

async function eventsOf(person: Person): Promise<z.infer<typeof LoggedEvent>[]> {
  const { events, next_cursor } = Page.parse(await person.call('/v1/audit?limit=1000', { expect: 200 }));
  checkEqual(next_cursor, null, 'the next page');
  return events;
}
