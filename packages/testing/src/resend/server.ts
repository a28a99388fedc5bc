import { json, type OutsideReply, type OutsideRequest } from '../outside/route.ts';
import { startOutside } from '../outside/server.ts';
import { errorReplies, resendError } from './errors.ts';
import { createIdempotency } from './idempotency.ts';
import { createMailbox } from './mailbox.ts';
import { checkEmail } from './check-email.ts';

export interface ResendOptions {
  port?: number;
  /** The one key that it takes; any when left out. */
  apiKey?: string;
  /** Domains that may stand in `from`; any when left out. */
  verifiedDomains?: readonly string[];
  /** How long sending takes; the same request is answered with 409 meanwhile. */
  sendingMs?: number;
}

export type ResendServer = Awaited<ReturnType<typeof startResend>>;

/** Resend's HTTP interface: `POST /emails` with idempotency keys that are kept 24 hours, and what is asked about mails sent. */
export async function startResend(options: ResendOptions = {}) {
  const mailbox = createMailbox();
  const idempotency = createIdempotency();

  const send = async (request: OutsideRequest): Promise<OutsideReply> => {
    const key = request.idempotencyKey;
    if (key !== undefined && (key.length < 1 || key.length > 256)) {
      return resendError(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.');
    }
    const earlier = idempotency.find(key, request.bodyDigest, request.now);
    if (earlier) return earlier;
    const email = checkEmail(request.body, options.verifiedDomains);
    if ('refusal' in email) return email.refusal;
    const sending = idempotency.begin(key, request.bodyDigest, request.now);
    if (options.sendingMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, options.sendingMs));
    }
    const id = mailbox.add(email, request.now);
    request.effect({
      kind: 'email',
      key,
      meaning: JSON.stringify({ to: email.to, subject: email.subject, text: email.text ?? email.html }),
      reference: id,
    });
    return sending.end(json(200, { id }));
  };

  const outside = await startOutside({
    ...(options.port === undefined ? {} : { port: options.port }),
    errorReplies,
    headers: () => ({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': '1' }),
    notFound: () => resendError(404, 'not_found', 'The requested endpoint does not exist.'),
    refuse: ({ headers }) => {
      if ((headers['user-agent'] ?? '') === '') {
        return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'error code: 1010' };
      }
      const key = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
      if (key === undefined) return resendError(401, 'missing_api_key', 'Missing API Key');
      return options.apiKey === undefined || key === options.apiKey
        ? undefined
        : resendError(400, 'validation_error', 'API key is invalid');
    },
    routes: [
      { method: 'POST', path: '/emails', handle: send },
      { method: 'GET', path: '/emails', lookUp: true, handle: ({ query }) => mailbox.list(query) },
      { method: 'GET', path: '/emails/:id', lookUp: true, handle: ({ params }) => mailbox.get(params['id']) },
    ],
  });
  return { ...outside, emails: mailbox.emails };
}
