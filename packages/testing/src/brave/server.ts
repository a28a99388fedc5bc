import { z } from 'zod';
import type { Fault } from '../outside/faults.ts';
import { json, type OutsideReply, type OutsideRequest } from '../outside/route.ts';
import { startOutside } from '../outside/server.ts';
import {
  errorReply,
  invalid,
  quotaUsedUp,
  rateLimited,
  unavailable,
  wrongKey,
  type ErrorShape,
} from './errors.ts';
import { rateHeaders, type RatePlan } from './rate-headers.ts';
import { searchBody, type BraveHit } from './results.ts';

export interface BraveStandInOptions {
  port?: number;
  /** `brave-test-key` when left out. */
  key?: string;
  /** No cap on the month when left out. */
  plan?: RatePlan;
  errorShape?: ErrorShape;
}

const Hits = z.array(z.strictObject({ title: z.string(), url: z.string(), description: z.string() }));
export type Brave = Awaited<ReturnType<typeof startBrave>>;

/**
 * Brave Search on loopback, as it answers in fact: the key is looked at before the parameters, errors have one `error`, and without hits
 * there is no `web`. Answers every query with the same hits until they are set anew. An effect is a search that is charged.
 */
export async function startBrave(options: BraveStandInOptions = {}) {
  const {
    key = 'brave-test-key',
    plan = { perSecond: 50, perMonth: 0 },
    errorShape = 'error',
    port,
  } = options;
  let hits: readonly BraveHit[] = [];

  function search(request: OutsideRequest): OutsideReply {
    const q = request.query['q'] ?? '';
    const count = Number(request.query['count'] ?? 20);
    if (q.length < 1 || q.length > 400 || q.trim().split(/\s+/).length > 50)
      return errorReply(
        invalid(['query', 'q'], 'String should have 1 to 400 characters and 50 words'),
        errorShape,
      );
    if (!Number.isInteger(count) || count < 1 || count > 20)
      return errorReply(invalid(['query', 'count'], 'Input should be from 1 to 20'), errorShape);
    request.effect({ kind: 'search', key: undefined, meaning: q, reference: String(request.number) });
    return json(200, searchBody(q, hits.slice(0, count)));
  }

  const limited = (fault: Fault): OutsideReply => {
    const reply = errorReply(rateLimited, errorShape);
    const wait = String(fault.retryAfterSeconds);
    const headers: Record<string, string> =
      fault.wait === 'header'
        ? { 'retry-after': wait }
        : fault.wait === 'body'
          ? rateHeaders(plan, { second: 0, month: 1_000, reset: fault.retryAfterSeconds })
          : { 'x-ratelimit-reset': '' };
    return { ...reply, headers };
  };
  const usedUp = () => ({
    ...errorReply(quotaUsedUp, errorShape),
    headers: rateHeaders({ ...plan, perMonth: 2_000 }, { second: 1, month: 0, reset: 1 }),
  });

  const outside = await startOutside({
    routes: [{ method: 'GET', path: '/res/v1/web/search', handle: search }],
    refuse: ({ path, headers }) => {
      if (path !== '/res/v1/web/search' || headers['x-subscription-token'] === key) return undefined;
      const missing = invalid(['header', 'x-subscription-token'], 'Field required');
      return errorReply(headers['x-subscription-token'] === undefined ? missing : wrongKey, errorShape);
    },
    headers: () => rateHeaders(plan, { second: plan.perSecond - 1, month: plan.perMonth, reset: 1 }),
    errorReplies: {
      '429': limited,
      quota_month: usedUp,
      quota_day: usedUp,
      '5xx_before_effect': (fault) => errorReply(unavailable(fault), errorShape),
      '5xx_after_effect': (fault) => errorReply(unavailable(fault), errorShape),
      // What an empty search looks like as well.
      '200_with_error_body': (_fault, { query }) => json(200, searchBody(query['q'] ?? '', [])),
    },
    controls: {
      hits: (body) => {
        hits = Hits.parse(body);
        return {};
      },
    },
    ...(port === undefined ? {} : { port }),
  });
  return {
    ...outside,
    key,
    setHits(next: readonly BraveHit[]): void {
      hits = next;
    },
    queries: () => outside.log.requests.map(({ query }) => query['q']),
  };
}
