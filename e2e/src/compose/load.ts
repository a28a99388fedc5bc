import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { call, type Answer } from './caller.ts';
import type { Ledger } from './ledger.ts';

export interface Callers {
  url: string;
  workerSecret: string;
  operator: string;
  user: string;
}

const Id = z.object({ id: z.string() });
const Asked = z.object({ id: z.string(), action_digest: z.string() });
const Job = z.object({ job_id: z.string() });
// Between two rounds of one worker: the plane is to work, and not to be measured.
const pauseMs = 250;

/** Asks, decides, redeems, reports and tasks, again and again, and notes what was acknowledged. */
export async function work(callers: Callers, ledger: Ledger, signal: AbortSignal): Promise<void> {
  await Promise.all([
    repeat(signal, () => approval(callers, ledger)),
    repeat(signal, () => approval(callers, ledger)),
    repeat(signal, () => events(callers, ledger)),
    repeat(signal, () => task(callers, ledger)),
  ]);
}

async function repeat(signal: AbortSignal, round: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await round();
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Its answer when it is one of these; anything else promises nothing. */
async function accepted(ledger: Ledger, request: Promise<Answer>, ...statuses: number[]): Promise<unknown> {
  const answer = await request.catch(() => undefined);
  if (answer !== undefined && statuses.includes(answer.status)) return answer.body ?? {};
  ledger.refused += 1;
  return undefined;
}

async function approval({ url, workerSecret, operator }: Callers, ledger: Ledger): Promise<void> {
  const asked = { action: 'dm.bulk_send', details: { recipients: 25, message: randomUUID() } };
  const post = (path: string, token: string, body: unknown, key?: string) =>
    call(`${url}/v1/approvals${path}`, 'POST', {
      token,
      body,
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    });
  const made = await accepted(ledger, post('', workerSecret, asked, randomUUID()), 200, 201);
  if (made === undefined) return;
  const { id, action_digest } = Asked.parse(made);
  ledger.approvals.set(id, 'asked');
  const decision = ledger.approvals.size % 3 === 0 ? 'rejected' : 'approved';
  if (
    (await accepted(ledger, post(`/${id}/decision`, operator, { decision, action_digest }), 200)) ===
    undefined
  )
    return;
  ledger.approvals.set(id, decision);
  if (decision === 'rejected') return;
  if ((await accepted(ledger, post(`/${id}/redeem`, workerSecret, asked), 200)) === undefined) return;
  ledger.approvals.set(id, 'redeemed');
}

async function events({ url, workerSecret }: Callers, ledger: Ledger): Promise<void> {
  const ids = [randomUUID(), randomUUID()];
  const event = { agent_id: 'trial', action_type: 'trial.event', status: 'ok' };
  const body = { events: ids.map((event_id) => ({ event_id, ...event })) };
  const sent = call(`${url}/v1/audit/events`, 'POST', { token: workerSecret, body });
  if ((await accepted(ledger, sent, 202)) !== undefined) for (const id of ids) ledger.events.add(id);
}

async function task({ url, user }: Callers, ledger: Ledger): Promise<void> {
  const body = { prompt: 'Send an email to bob@example.com with subject Lunch and say See you at noon' };
  const made = await accepted(ledger, call(`${url}/v1/tasks`, 'POST', { token: user, body }), 200, 201, 202);
  if (made !== undefined) ledger.tasks.add(Id.parse(made).id);
}

/** Asks for a self-test; its job is one more promise. */
export async function selfTest({ url, workerSecret }: Callers, ledger: Ledger): Promise<void> {
  const made = await accepted(
    ledger,
    call(`${url}/v1/jobs/selftest`, 'POST', { token: workerSecret }),
    200,
    202,
  );
  if (made !== undefined) ledger.jobs.add(Job.parse(made).job_id);
}
