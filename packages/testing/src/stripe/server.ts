import { z } from 'zod';
import { json, type OutsideReply, type OutsideRequest } from '../outside/route.ts';
import { startOutside } from '../outside/server.ts';
import { stripeError, stripeErrorReplies } from './errors.ts';
import { createPaymentIntents } from './payment-intents.ts';

export interface StripeOptions {
  port?: number;
  /** The one key that it takes; any when left out. */
  secretKey?: string;
}

export type StripeServer = Awaited<ReturnType<typeof startStripe>>;

const Settlement = z.object({
  id: z.string(),
  status: z.enum(['succeeded', 'requires_payment_method', 'canceled']),
});

/** Stripe's payments, with keys under which every answer is kept for 24 hours, errors of its own included. */
export async function startStripe(options: StripeOptions = {}) {
  const payments = createPaymentIntents();
  const kept = new Map<string, { digest: string; until: number; reply: OutsideReply }>();

  const create = (request: OutsideRequest): OutsideReply => {
    const key = request.idempotencyKey;
    const earlier = key === undefined ? undefined : kept.get(key);
    if (earlier && earlier.until > request.now) {
      if (earlier.digest !== request.bodyDigest) {
        const message = 'Keys for idempotent requests can only be used with the same parameters.';
        return stripeError(400, 'idempotency_error', message);
      }
      return { ...earlier.reply, headers: { ...earlier.reply.headers, 'idempotent-replayed': 'true' } };
    }
    const reply = payments.create(request, Fields.parse(request.body));
    const until = request.now + 24 * 3_600_000;
    if (key !== undefined) kept.set(key, { digest: request.bodyDigest, until, reply });
    return reply;
  };

  const outside = await startOutside({
    ...(options.port === undefined ? {} : { port: options.port }),
    errorReplies: stripeErrorReplies((key, reply) => {
      const entry = key === undefined ? undefined : kept.get(key);
      if (entry) entry.reply = reply;
    }),
    headers: ({ number }) => ({ 'request-id': `req_${number}` }),
    notFound: () =>
      json(404, { error: { type: 'invalid_request_error', message: 'Unrecognized request URL.' } }),
    refuse: ({ headers }) => {
      const key = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
      return key !== undefined && (options.secretKey === undefined || key === options.secretKey)
        ? undefined
        : stripeError(401, 'invalid_request_error', 'Invalid API Key provided.');
    },
    controls: {
      settle: (body) => {
        const { id, status } = Settlement.parse(body);
        payments.settle(id, status);
      },
    },
    routes: [
      { method: 'POST', path: '/v1/payment_intents', handle: create },
      {
        method: 'GET',
        path: '/v1/payment_intents',
        lookUp: true,
        handle: ({ query }) => payments.list(query),
      },
      {
        method: 'GET',
        path: '/v1/payment_intents/:id',
        lookUp: true,
        handle: ({ params }) => payments.get(params['id']),
      },
    ],
  });
  return { ...outside, intents: payments.intents, settle: payments.settle };
}

const Fields = z.record(z.string(), z.string());
