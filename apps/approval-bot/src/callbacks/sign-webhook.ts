import { createHmac } from 'node:crypto';

/**
 * The headers of a Standard Webhooks message (standardwebhooks.com, symmetric signature).
 *
 * @param secret `whsec_` and the key in base64
 * @param message `timestamp` in seconds since 1970; `body` exactly as it is sent
 */
export function webhookHeaders(
  secret: string,
  message: { id: string; timestamp: number; body: string },
): Record<string, string> {
  const { id, timestamp, body } = message;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
}
