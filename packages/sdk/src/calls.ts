import type { Approval, Grant } from './approval.ts';
import { ActpError } from './errors.ts';
import type { Settings } from './options.ts';
import type { Decision } from './decision.ts';
import { readApproval, readDecision, readGrant } from './parse-response.ts';
import type { Report } from './outcome.ts';
import { retry } from './retry.ts';
import type { Send } from './send.ts';

type Signal = AbortSignal | undefined;

/** The gateway's calls about decisions and approvals. Each is safe to repeat, and is repeated while the plane is unavailable. */
export interface Calls {
  guard(body: object, idempotencyKey: string, signal: Signal): Promise<Decision>;
  /** What became of something that was allowed. */
  reportGrant(grantId: string, report: Omit<Report, 'result'>, signal: Signal): Promise<void>;
  request(body: object, idempotencyKey: string, signal: Signal): Promise<Approval>;
  read(id: string, signal: Signal): Promise<Approval>;
  /** Resolves when it is no longer pending, or after a while. */
  wait(id: string, signal: Signal): Promise<Approval>;
  redeem(id: string, payload: { action: string; details: object }, signal: Signal): Promise<Grant>;
  report(id: string, report: Report, signal: Signal): Promise<Approval>;
  cancel(id: string, signal: Signal): Promise<Approval>;
}

export function createCalls(settings: Settings, send: Send): Calls {
  const { waitSeconds, retryMs, patienceMs } = settings;
  return {
    guard: (body, idempotencyKey, signal) =>
      retry(retryMs, signal, async () => {
        const headers = { 'idempotency-key': idempotencyKey };
        return readDecision(await send({ method: 'POST', path: '/v1/guard', headers, body, signal }));
      }),

    reportGrant: (grantId, body, signal) =>
      retry(patienceMs, signal, async () => {
        await send({ method: 'POST', path: `/v1/guard/${idOf(grantId)}/outcome`, body, signal });
      }),

    request: (body, idempotencyKey, signal) =>
      retry(retryMs, signal, async () => {
        const headers = { 'idempotency-key': idempotencyKey };
        return readApproval(await send({ method: 'POST', path: '/v1/approvals', headers, body, signal }));
      }),

    read: (id, signal) =>
      retry(retryMs, signal, async () =>
        readApproval(await send({ method: 'GET', path: pathOf(id), signal }), id),
      ),

    wait: (id, signal) =>
      retry(patienceMs, signal, async () => {
        const headers = { prefer: `wait=${waitSeconds}` };
        return readApproval(
          await send({ method: 'GET', path: pathOf(id), headers, waitSeconds, signal }),
          id,
        );
      }),

    // Repeating it cannot redeem twice: the second one is refused.
    redeem: (id, body, signal) =>
      retry(retryMs, signal, async () =>
        readGrant(await send({ method: 'POST', path: `${pathOf(id)}/redeem`, body, signal })),
      ),

    report: (id, body, signal) =>
      retry(patienceMs, signal, async () =>
        readApproval(await send({ method: 'POST', path: `${pathOf(id)}/outcome`, body, signal }), id),
      ),

    cancel: (id, signal) =>
      retry(retryMs, signal, async () =>
        readApproval(await send({ method: 'POST', path: `${pathOf(id)}/cancel`, signal }), id),
      ),
  };
}

const pathOf = (id: string): string => `/v1/approvals/${idOf(id)}`;

function idOf(id: string): string {
  if (typeof id === 'string' && /^[0-9a-f-]{36}$/i.test(id)) return id;
  throw new ActpError('invalid_argument', 'id must be an approval id (a UUID)');
}
