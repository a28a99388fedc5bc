import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createClient, type Caller, type Client } from './client.ts';
import { createLedger, findLoss, type Loss } from './ledger.ts';
import { createMix } from './mix.ts';
import { observe, type Trend } from './observe.ts';
import { runOpenLoop } from './open-loop.ts';
import type { LoadedPlane } from './own-plane.ts';
import { createRecorder, type Recorder, type RouteFigures } from './recorder.ts';
import { createSteps } from './steps.ts';

export interface LoadResult {
  rate: number;
  seconds: number;
  requests: number;
  errors: number;
  routes: RouteFigures[];
  trends: Trend[];
  acknowledged: { events: number; approvals: number; tasks: number };
  lost: Loss;
}

export interface LoadOptions {
  plane: LoadedPlane;
  rate: number;
  seconds: number;
  signal: AbortSignal;
  say(line: string): void;
}

const sampleMs = 5_000;
const selfTestMs = 30_000;
const decisionSeconds = 30;
// What a person reads whose press has decided.
const approvedText = '✅ Approved.';
const refusalLength = 60;

/** Loads a plane for a time, and then looks for everything that it has acknowledged. */
export async function runLoad({ plane, rate, seconds, signal, say }: LoadOptions): Promise<LoadResult> {
  const recorder = createRecorder();
  const client = createClient(plane.url, recorder);
  const agentId = `load-${randomUUID().slice(0, 8)}`;
  const agent: Caller = { authorization: `Bearer ${plane.secret}`, agent: agentId };
  const operator = await logIn(client, plane.operator);
  const user = plane.tasks ? await newUser(client) : undefined;
  const ledger = createLedger();
  const press = plane.telegram && pressOf(plane, client, agent, recorder);
  const steps = createSteps({
    client,
    agent,
    operator,
    user,
    ledger,
    agentId,
    chats: plane.telegram?.chats ?? [],
    press,
  });
  const { task, press: asked, ...others } = steps;
  const mix = createMix({ ...others, ...(user && { task }), ...(press && { press: asked }) });

  const observer = observe({ ...plane, everyMs: sampleMs });
  const ended = new AbortController();
  const selfTests = startSelfTests(client, agent, ended.signal);
  say(`${rate} requests a second for ${seconds} s ...`);
  let trends: Trend[] = [];
  let requests = 0;
  try {
    requests = await runOpenLoop({ rate, seconds, signal, send: (intended) => mix.next(intended) });
  } finally {
    // Also after a failure: what goes on would keep the process alive.
    ended.abort();
    await selfTests;
    trends = await observer.stop();
  }
  say('looking for everything that was acknowledged ...');
  const lost = await findLoss({ url: plane.url, client, operator, user, agent: agentId, ledger });
  return {
    rate,
    seconds,
    requests,
    errors: recorder.errors(),
    routes: recorder.figures(),
    trends,
    acknowledged: { events: ledger.events.size, approvals: ledger.approvals.size, tasks: ledger.tasks.size },
    lost,
  };
}

const Login = z.object({ access_token: z.string() });

async function logIn(client: Client, account: { email: string; password: string }): Promise<Caller> {
  const answer = Login.parse(await client.ask('/v1/auth/login', { authorization: '' }, account));
  return { authorization: `Bearer ${answer.access_token}` };
}

async function newUser(client: Client): Promise<Caller> {
  const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  await client.ask('/v1/auth/register', { authorization: '' }, account);
  return logIn(client, account);
}

const wait = { prefer: `wait=${decisionSeconds}` };
const Approval = z.object({ status: z.string() });

/** A press, and how long it takes until an agent that waits knows of it. */
function pressOf({ telegram }: LoadedPlane, client: Client, agent: Caller, recorder: Recorder) {
  return async (id: string, asked: number): Promise<boolean> => {
    try {
      const pressed = await telegram?.press(id);
      if (pressed === undefined) return false;
      const { at, shown } = pressed;
      recorder.record('(asked to card pressed)', at - asked);
      const refusal = shown === approvedText ? undefined : (shown ?? 'no answer').slice(0, refusalLength);
      recorder.record('(press to answer)', performance.now() - at, refusal);
      const { status } = Approval.parse(await client.ask(`/v1/approvals/${id}`, agent, undefined, wait));
      const decided = status === 'approved';
      recorder.record('(press to waiting agent)', performance.now() - at, decided ? undefined : status);
      return decided;
    } catch {
      recorder.record('(asked to card pressed)', performance.now() - asked, 'no card');
      return false;
    }
  };
}

async function startSelfTests(client: Client, agent: Caller, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const route = 'POST /v1/jobs/selftest';
    const intended = performance.now();
    await client.send({ route, path: '/v1/jobs/selftest', body: {}, caller: agent, expect: 202, intended });
    await delay(selfTestMs, undefined, { signal }).catch(() => undefined);
  }
}
