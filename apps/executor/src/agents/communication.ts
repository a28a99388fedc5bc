import { EmailMessage, EmailSender } from '@actp/providers/email-message';
import { createResend, resendKeyKeptSeconds } from '@actp/providers/resend';
import type { Agent } from './agent.ts';
import { shownDomain } from './shown-domain.ts';
import { TaskError } from './task-error.ts';

export interface CommunicationDeps {
  /** RESEND_API_KEY */
  apiKey: string | undefined;
  /** RESEND_FROM */
  from: string | undefined;
  /** RESEND_BASE_URL */
  baseUrl: string;
}

/** Before the service forgets the key, so that clocks may differ. */
const marginSeconds = 3_600;

/** Sends one e-mail of text to one recipient. It always waits for a person, who sees the whole of it. */
export function createCommunication({ apiKey, from, baseUrl }: CommunicationDeps): Agent<EmailMessage> {
  const resend = apiKey === undefined ? undefined : createResend({ apiKey, baseUrl });

  return {
    name: 'communication',
    does: 'Sends an e-mail to one address, after a person has approved it.',
    examples: ['Send an email to ann@example.com with subject Lunch and say See you at noon'],
    input: EmailMessage,

    async estimateCost() {
      if (resend === undefined) throw notConfigured('RESEND_API_KEY is not set');
      if (from === undefined) throw notConfigured('RESEND_FROM is not set');
      const sender = EmailSender.safeParse(from);
      if (!sender.success) throw notConfigured('RESEND_FROM is not an address or `Name <address>`');
      return { atMostMinor: 0, facts: { from: sender.data } };
    },

    effects: ({ to, subject, text }, { facts }) => [
      {
        kind: 'email',
        action: 'email.send',
        details: { to, ...shownDomain(to), subject, text, from: facts['from'] ?? null },
        // Mail servers do not tell addresses apart by case: it is the same mail.
        meaning: { to: to.toLowerCase(), content: { subject, text } },
      },
    ],

    async run({ input: { to, subject, text }, facts, perform }) {
      const sent = await perform(0, {
        prepare: async () => ({ from: facts['from'] ?? null, to, subject, text }),
        attempt: async (payload, key, signal) =>
          resend?.sendEmail(payload, key, signal) ?? { state: 'later', reason: 'RESEND_API_KEY is not set.' },
        keyKeptSeconds: resendKeyKeptSeconds - marginSeconds,
      });
      return { result: { sent: true, email_id: sent.reference, to, subject }, costMinor: 0 };
    },
  };
}

const notConfigured = (what: string) =>
  new TaskError('not_configured', `No e-mail can be sent: ${what}. An operator has to set it.`);
