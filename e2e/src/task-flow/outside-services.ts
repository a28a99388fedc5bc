import { startBrave } from '@actp/testing/brave/server';
import { startCoinGecko } from '@actp/testing/coingecko/server';
import { startGemini } from '@actp/testing/gemini/server';
import { startGroq } from '@actp/testing/groq/server';
import { startPages } from '@actp/testing/pages/server';
import { startResend } from '@actp/testing/resend/server';
import { startStripe } from '@actp/testing/stripe/server';
import { scriptedModel } from './scripted-model.ts';

export type OutsideServices = Awaited<ReturnType<typeof startOutsideServices>>;

// Made up, and of no service's form.
const keys = {
  brave: 'of-the-stand-in',
  groq: 'of-the-stand-in',
  gemini: 'of-the-stand-in',
  stripe: 'sk_test_1',
};

/** Stand-ins for every service outside, in this process: what they were asked and what happened there is theirs to say. */
export async function startOutsideServices(payments: 'ledger' | 'stripe') {
  const [brave, groq, gemini, resend, coingecko, stripe, site] = await Promise.all([
    startBrave({ key: keys.brave }),
    startGroq({ key: keys.groq, model: scriptedModel }),
    startGemini({ key: keys.gemini, model: scriptedModel }),
    startResend(),
    startCoinGecko(),
    startStripe({ secretKey: keys.stripe }),
    startPages(),
  ]);
  const services = { brave, groq, gemini, resend, coingecko, stripe };
  return {
    ...services,
    site,
    payments,
    /** What the plane is told, so that it asks these and no others. */
    settings: {
      BRAVE_API_KEY: keys.brave,
      BRAVE_BASE_URL: brave.url,
      GROQ_API_KEY: keys.groq,
      GROQ_BASE_URL: groq.baseUrl,
      GEMINI_API_KEY: keys.gemini,
      GEMINI_BASE_URL: gemini.baseUrl,
      RESEND_API_KEY: 'of-the-stand-in',
      RESEND_BASE_URL: resend.url,
      RESEND_FROM: 'Plane <plane@example.com>',
      COINGECKO_BASE_URL: coingecko.baseUrl,
      ...(payments === 'stripe' && {
        PAYMENT_PROVIDER: 'stripe',
        STRIPE_SECRET_KEY: keys.stripe,
        STRIPE_BASE_URL: stripe.url,
      }),
    },
    /** How many e-mails have left for an address. */
    mailsTo: (address: string): number =>
      resend.log.effects.filter(({ meaning }) => meaning.includes(`"${address}"`)).length,
    /** How many payments were made at Stripe. */
    charges: (): number => stripe.log.effects.length,
    async stop(): Promise<void> {
      await Promise.all([...Object.values(services), site].map((service) => service.stop()));
    },
  };
}
