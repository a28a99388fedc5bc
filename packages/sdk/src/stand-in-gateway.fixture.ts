import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { createClient, type ActpClient } from './client.ts';
import type { ClientOptions } from './options.ts';
import { createGuard } from './stand-in-guard.fixture.ts';
import { createApprovals, type StandInResponse } from './stand-in-state.fixture.ts';

export const secret = 'the-secret-of-these-tests-0123456789';

export type Call = 'guard' | 'guard-outcome' | 'ask' | 'read' | 'redeem' | 'report' | 'cancel';

/** What goes wrong with one request. `lost` does what was asked and then cuts the connection. */
export type Fault =
  | 'reset'
  | 'lost'
  | 'hang'
  | 'garbage'
  | { status: number; headers?: Record<string, string>; body?: unknown };

interface Seen {
  call: Call;
  headers: IncomingMessage['headers'];
  // As JSON.parse gives it.
  body: Record<string, unknown>;
}

/** A gateway over real HTTP, with state and faults on request; gone when the test is. */
export async function openStandIn() {
  const approvals = createApprovals();
  const guard = createGuard(approvals);
  const seen: Seen[] = [];
  const faults = new Map<Call, Fault[]>();
  let waiting = 0;

  const respondTo = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url = '/', headers } = request;
    const [, , room = '', id = '', verb = ''] = url.split('/');
    const raw = await text(request);
    const body = raw === '' ? {} : JSON.parse(raw);
    const call = callOf(method, room, id, verb);
    seen.push({ call, headers, body });
    const fault = faults.get(call)?.shift();
    if (fault === 'reset') return void response.destroy();
    if (fault === 'hang') return;
    if (fault === 'garbage') return void response.end('<html>Welcome to your new router</html>');
    if (typeof fault === 'object') return write(response, { body: {}, ...fault }, fault.headers);

    if (call === 'read' && headers['prefer'] !== undefined) {
      waiting += 1;
      await untilDecided(id, headers['prefer'], response);
      waiting -= 1;
    }
    const key = headers['idempotency-key'];
    const agent = String(headers['x-agent-id']);
    const answer = {
      guard: () => guard.decide(agent, typeof key === 'string' ? key : undefined, body),
      'guard-outcome': () => guard.report(id, body),
      ask: () => approvals.ask(agent, typeof key === 'string' ? key : undefined, body),
      read: () => approvals.read(id),
      redeem: () => approvals.redeem(id, body),
      report: () => approvals.report(id, body),
      cancel: () => approvals.cancel(id),
    }[call]();
    return fault === 'lost' ? void response.destroy() : write(response, answer);
  };

  const untilDecided = (id: string, prefer: string | string[] | undefined, response: ServerResponse) =>
    new Promise<void>((resolve) => {
      const isPending = () => approvals.all().some((one) => one.id === id && one.status === 'pending');
      const done = () => {
        clearTimeout(timer);
        forget();
        resolve();
      };
      const timer = setTimeout(done, Number(String(prefer).replace('wait=', '')) * 1_000);
      const forget = approvals.onChange(() => !isPending() && done());
      response.on('close', done);
      if (!isPending()) done();
    });

  const server = createServer((request, response) => void respondTo(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
  onTestFinished(close);
  // A TCP server has an address of this kind once it listens.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    approvals,
    guard,
    seen: (call?: Call) => seen.filter((one) => call === undefined || one.call === call),
    /** How many long polls are open. */
    waiting: () => waiting,
    /** What goes wrong with the next requests of a kind, in order. */
    fail: (call: Call, ...next: Fault[]) => void faults.set(call, [...(faults.get(call) ?? []), ...next]),
    close,
    client: (options: Partial<ClientOptions> = {}): ActpClient =>
      createClient({ url, secret, timeoutSeconds: 2, retrySeconds: 3, patienceSeconds: 3, ...options }),
  };
}

export type StandIn = Awaited<ReturnType<typeof openStandIn>>;

function callOf(method: string | undefined, room: string, id: string, verb: string): Call {
  if (room === 'guard') return id === '' ? 'guard' : 'guard-outcome';
  if (method === 'GET') return 'read';
  if (id === '') return 'ask';
  if (verb === 'redeem') return 'redeem';
  return verb === 'outcome' ? 'report' : 'cancel';
}

function write(
  response: ServerResponse,
  { status, body }: StandInResponse,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
