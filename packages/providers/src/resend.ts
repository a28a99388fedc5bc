import type { z } from 'zod';
import type { EffectAnswer } from './effect-answer.ts';
import { EmailMessage, EmailSender } from './email-message.ts';
import { apiUrl } from './http/api-url.ts';
import { callApi } from './http/call.ts';
import { readResendAnswer } from './resend-answer.ts';

/** How long Resend keeps an idempotency key, in seconds: 24 hours. */
export const resendKeyKeptSeconds = 86_400;

export interface ResendOptions {
  apiKey: string;
  baseUrl: string;
  /** For one attempt. */
  timeoutMs?: number;
}

export const OutgoingEmail = EmailMessage.extend({ from: EmailSender });
export type OutgoingEmail = z.infer<typeof OutgoingEmail>;

export type Resend = ReturnType<typeof createResend>;

/**
 * Resend over plain HTTP: its library turns an answer that was lost into an error like one of a refusal. A mail cannot be looked up without the id
 * that the lost answer had (nothing in Resend's lists names the key), so what is unknown is asked again with the same key while it is kept.
 */
export function createResend({ apiKey, baseUrl, timeoutMs = 15_000 }: ResendOptions) {
  return {
    /** Asks for a mail to be sent, once. The same key and mail may be given again for 24 hours and send one mail. */
    async sendEmail(payload: unknown, key: string, signal: AbortSignal): Promise<EffectAnswer> {
      const email = OutgoingEmail.safeParse(payload);
      if (!email.success) return { state: 'not_done', reason: 'The mail is not one that can be sent.' };
      const { from, to, subject, text } = email.data;
      const result = await callApi({
        method: 'POST',
        url: apiUrl(baseUrl, '/emails'),
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        // Always in this order: another order would be another payload under the same key.
        body: JSON.stringify({ from, to: [to], subject, text }),
        signal,
        timeoutMs,
        maxBytes: 64 * 1024,
      });
      return readResendAnswer(result);
    },
  };
}
