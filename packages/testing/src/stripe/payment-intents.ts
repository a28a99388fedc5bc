import { randomUUID } from 'node:crypto';
import { json, type OutsideReply, type OutsideRequest } from '../outside/route.ts';
import { stripeError } from './errors.ts';

export interface PaymentIntent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_received: number;
  currency: string;
  status: string;
  metadata: Record<string, string>;
  created: number;
  livemode: false;
  client_secret: string;
  latest_charge: string | null;
}

/** What becomes of a payment with one of Stripe's test cards, and with a slow method. */
const outcomes = new Map([
  ['pm_card_visa', 'succeeded'],
  ['pm_card_authenticationRequired', 'requires_action'],
  ['pm_slow', 'processing'],
]);

/** Payments that were made, or are under way. */
export function createPaymentIntents() {
  const intents: PaymentIntent[] = [];
  /** The request that made a payment which is not over yet. */
  const open = new Map<string, OutsideRequest>();

  const pay = (intent: PaymentIntent, request: OutsideRequest) => {
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    intent.latest_charge = `ch_${randomUUID()}`;
    const { amount, currency, metadata, id } = intent;
    const { effect_key: _key, ...bought } = metadata;
    const meaning = JSON.stringify({ amount, currency, ...bought });
    request.effect({ kind: 'payment', key: request.idempotencyKey, meaning, reference: id });
  };

  return {
    intents: intents as readonly PaymentIntent[],
    create(request: OutsideRequest, fields: Record<string, string>): OutsideReply {
      const amount = Number(fields['amount']);
      if (!Number.isInteger(amount) || amount < 1) {
        return stripeError(400, 'invalid_request_error', 'Invalid integer.', { param: 'amount' });
      }
      if (amount < 50) {
        const code = 'amount_too_small';
        return stripeError(400, 'invalid_request_error', 'Amount must be at least $0.50 usd.', { code });
      }
      const method = fields['payment_method'] ?? '';
      if (method === 'pm_card_chargeDeclined') {
        const code = { code: 'card_declined', decline_code: 'generic_decline' };
        return stripeError(402, 'card_error', 'Your card was declined.', code);
      }
      const status = outcomes.get(method);
      if (status === undefined) {
        const message = `No such PaymentMethod: '${method}'`;
        return stripeError(400, 'invalid_request_error', message, { code: 'resource_missing' });
      }
      const id = `pi_${randomUUID().replaceAll('-', '')}`;
      const intent: PaymentIntent = {
        id,
        object: 'payment_intent',
        amount,
        amount_received: 0,
        currency: fields['currency'] ?? '',
        status,
        metadata: metadataOf(fields),
        created: Math.floor(request.now / 1_000),
        livemode: false,
        client_secret: `${id}_secret`,
        latest_charge: null,
      };
      intents.push(intent);
      if (status === 'succeeded') pay(intent, request);
      else open.set(id, request);
      return json(200, { ...intent });
    },
    /** Ends a payment that is under way. */
    settle(id: string, status: 'succeeded' | 'requires_payment_method' | 'canceled'): void {
      const intent = intents.find((one) => one.id === id);
      const request = open.get(id);
      if (!intent || !request) throw new Error(`no open payment ${id}`);
      open.delete(id);
      if (status === 'succeeded') pay(intent, request);
      else intent.status = status;
    },
    get(id: string | undefined): OutsideReply {
      const intent = intents.find((one) => one.id === id);
      return intent
        ? json(200, intent)
        : stripeError(404, 'invalid_request_error', 'No such payment_intent.', { code: 'resource_missing' });
    },
    /** Newest first. */
    list(query: Record<string, string>): OutsideReply {
      const limit = Number(query['limit'] ?? 10);
      const since = Number(query['created[gte]'] ?? 0);
      const newest = intents.toReversed().filter(({ created }) => created >= since);
      const begin = newest.findIndex(({ id }) => id === query['starting_after']) + 1;
      const data = newest.slice(begin, begin + limit);
      const more = begin + limit < newest.length;
      return json(200, { object: 'list', url: '/v1/payment_intents', has_more: more, data });
    },
  };
}

function metadataOf(fields: Record<string, string>): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
    if (key !== undefined) metadata[key] = value;
  }
  return metadata;
}
