import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { call, logIn } from './caller.ts';
import type { Callers } from './load.ts';
import type { Stack } from './stack.ts';

export interface TrialCallers {
  current(): Callers;
  /** Values that no container may have in its environment. */
  secrets: readonly [workerSecret: string, password: string];
  /** Which address the audit log has for a call of this program. */
  addressInAudit(): Promise<string>;
  newestSnapshot(): Promise<string>;
}

const Events = z.object({
  events: z.array(z.object({ event_id: z.string().nullable(), ip_address: z.string().nullable() })),
});
const Snapshots = z.object({
  snapshots: z.array(z.object({ status: z.string(), services_up: z.number(), services_total: z.number() })),
});

// Of a person who exists in the trial alone; the same for a copy of the plane.
const userPassword = randomUUID();

/** An agent, an operator and a user of the plane, with their credentials. */
export async function createCallers(
  stack: Stack,
  signal: AbortSignal,
  known?: { workerSecret: string; password: string },
): Promise<TrialCallers> {
  const { url } = stack;
  const workerSecret = known?.workerSecret ?? (await stack.secret('WORKER_SECRET'));
  const password = known?.password ?? (await stack.secret('OPERATOR_PASSWORD'));
  const operator = await logIn(url, 'operator@actp.local', password, signal);
  const person = { email: 'trial@example.com', password: userPassword };
  await call(`${url}/v1/auth/register`, 'POST', { token: '', body: person });
  const callers = {
    url,
    workerSecret,
    operator,
    user: await logIn(url, person.email, person.password, signal),
  };
  return {
    current: () => callers,
    secrets: [workerSecret, password],
    async addressInAudit() {
      const event_id = randomUUID();
      const event = { event_id, agent_id: 'trial', action_type: 'trial.address', status: 'ok' };
      await call(`${url}/v1/audit/events`, 'POST', { token: workerSecret, body: event });
      for (;;) {
        signal.throwIfAborted();
        const { body } = await call(`${url}/v1/audit?agent_id=trial&limit=100`, 'GET', { token: operator });
        const found = Events.parse(body).events.find((one) => one.event_id === event_id);
        if (found !== undefined) return found.ip_address ?? 'none';
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
    async newestSnapshot() {
      const { body } = await call(`${url}/v1/health/snapshots?limit=1`, 'GET', { token: workerSecret });
      const [newest] = Snapshots.parse(body).snapshots;
      return newest === undefined
        ? 'none'
        : `${newest.status}, ${newest.services_up} of ${newest.services_total} services up`;
    },
  };
}
