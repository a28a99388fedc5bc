import { z } from 'zod';
import { call } from './caller.ts';
import type { Ledger } from './ledger.ts';
import type { Callers } from './load.ts';

export interface Losses {
  approvals: string[];
  tasks: string[];
  events: string[];
  jobs: string[];
}

const Approval = z.object({ status: z.string(), redeemed_at: z.string().nullable() });
const Task = z.object({ status: z.string() });
const Job = z.object({ state: z.string() });
const Page = z.object({
  events: z.array(z.object({ event_id: z.string().nullable() })),
  next_cursor: z.string().nullable(),
});

/** What was acknowledged and is not there, once everything has had its time. */
export async function findLosses(callers: Callers, ledger: Ledger): Promise<Losses> {
  return {
    approvals: await missing(ledger.approvals.keys(), (id) => approvalHolds(callers, ledger, id)),
    tasks: await missing(ledger.tasks, async (id) => {
      const found = await read(callers.url, `/v1/tasks/${id}`, callers.user, Task);
      // It goes on by itself until it waits for a person, or ends.
      return found !== undefined && found.status !== 'queued' && found.status !== 'running';
    }),
    events: await eventually(async () => {
      const stored = await storedEvents(callers);
      return [...ledger.events].filter((id) => !stored.has(id));
    }),
    jobs: await missing(ledger.jobs, async (id) => {
      const found = await read(callers.url, `/v1/jobs/selftest/${id}`, callers.workerSecret, Job);
      return found !== undefined && ['completed', 'failed'].includes(found.state);
    }),
  };
}

async function approvalHolds({ url, workerSecret }: Callers, ledger: Ledger, id: string): Promise<boolean> {
  const found = await read(url, `/v1/approvals/${id}`, workerSecret, Approval);
  const state = ledger.approvals.get(id);
  if (found === undefined) return false;
  if (state === 'redeemed') return found.status === 'approved' && found.redeemed_at !== null;
  return state === 'asked' || found.status === state;
}

async function storedEvents({ url, operator }: Callers): Promise<Set<string>> {
  const stored = new Set<string>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: z.infer<typeof Page> | undefined = await read(
      url,
      `/v1/audit?agent_id=trial&limit=1000${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      operator,
      Page,
    );
    if (page === undefined) break;
    for (const { event_id } of page.events) if (event_id !== null) stored.add(event_id);
    cursor = page.next_cursor;
  }
  return stored;
}

// Everything that was acknowledged is to be there by then; a busy machine needs a while for what waits in queues.
const withinMs = 180_000;

async function missing(ids: Iterable<string>, holds: (id: string) => Promise<boolean>): Promise<string[]> {
  let rest = [...ids];
  return eventually(async () => {
    const left = [];
    for (const id of rest) if (!(await holds(id))) left.push(id);
    rest = left;
    return rest;
  });
}

async function eventually(look: () => Promise<string[]>): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = await look();
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

async function read<T>(
  url: string,
  path: string,
  token: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const answer = await call(`${url}${path}`, 'GET', { token }).catch(() => undefined);
  return answer?.status === 200 ? schema.parse(answer.body) : undefined;
}
