import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Caller, Client } from './client.ts';

/** What the plane has acknowledged. */
export interface Ledger {
  /** Numbers of audit events. */
  events: Set<number>;
  /** Approvals by id, with what was acknowledged last. */
  approvals: Map<string, 'asked' | 'approved' | 'redeemed'>;
  tasks: Set<string>;
}

export const createLedger = (): Ledger => ({ events: new Set(), approvals: new Map(), tasks: new Set() });

export interface Loss {
  events: number;
  approvals: number;
  tasks: number;
  /** Whether the audit log verifies. */
  auditIntact: boolean;
  auditRows: number;
}

export interface LedgerDeps {
  url: string;
  client: Client;
  operator: Caller;
  user: Caller | undefined;
  /** Whose events they are. */
  agent: string;
  ledger: Ledger;
}

const Approvals = z.object({
  approvals: z.array(z.object({ id: z.string(), status: z.string(), redeemed_at: z.string().nullish() })),
  next_cursor: z.string().nullable(),
});
const Event = z.object({ result: z.object({ n: z.int() }).nullish() });
const Verification = z.object({ ok: z.boolean(), checked: z.int() });

/** Looks for everything that was acknowledged. What is not found is lost. */
export async function findLoss(deps: LedgerDeps): Promise<Loss> {
  const { client, operator, ledger } = deps;
  const { ok, checked } = Verification.parse(await client.ask('/v1/audit/verify', operator));
  return {
    events: await settledEvents(deps),
    approvals: await missingApprovals(deps),
    tasks: await missingTasks(deps, ledger),
    auditIntact: ok,
    auditRows: checked,
  };
}

// The last ones may still be on their way from Redis to the log.
const attempts = 30;
const pauseMs = 1_000;

async function settledEvents(deps: LedgerDeps): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const missing = await missingEvents(deps);
    if (missing === 0 || attempt === attempts) return missing;
    await delay(pauseMs);
  }
}

async function missingEvents({ url, operator, agent, ledger }: LedgerDeps): Promise<number> {
  const query = new URLSearchParams({ format: 'jsonl', agent_id: agent, action_type: 'load.event' });
  const response = await fetch(`${url}/v1/audit/export?${query.toString()}`, {
    headers: { authorization: operator.authorization },
  });
  if (!response.ok) throw new Error(`the export of the audit log answered ${response.status}`);
  const left = new Set(ledger.events);
  for (const line of (await response.text()).split('\n')) {
    if (line === '') continue;
    const n = Event.parse(JSON.parse(line)).result?.n;
    if (n !== undefined) left.delete(n);
  }
  return left.size;
}

async function missingApprovals({ client, operator, ledger }: LedgerDeps): Promise<number> {
  const left = new Map(ledger.approvals);
  for (let cursor: string | null = ''; cursor !== null && left.size > 0;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = Approvals.parse(await client.ask(`/v1/approvals?limit=100${query}`, operator));
    for (const { id, status, redeemed_at } of page.approvals) {
      const wanted = left.get(id);
      const kept =
        wanted === 'asked' ||
        (wanted === 'approved' && status === 'approved') ||
        (wanted === 'redeemed' && typeof redeemed_at === 'string');
      if (kept) left.delete(id);
    }
    cursor = page.next_cursor;
  }
  return left.size;
}

async function missingTasks({ client, user }: LedgerDeps, { tasks }: Ledger): Promise<number> {
  let missing = 0;
  for (const id of tasks) {
    if (
      user === undefined ||
      (await client.ask(`/v1/tasks/${id}`, user).catch(() => undefined)) === undefined
    )
      missing += 1;
  }
  return missing;
}
