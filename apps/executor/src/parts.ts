import { join } from 'node:path';
import type { Db } from '@actp/db/client';
import { createBrave } from '@actp/providers/brave';
import { createCoinGecko } from '@actp/providers/coingecko';
import { createModels } from '@actp/providers/model/models';
import { readModelPrices } from '@actp/providers/model/prices';
import { createPageReader } from '@actp/providers/pages/page-reader';
import { createStripePayments } from '@actp/providers/stripe';
import type { ConfigOf } from '@actp/shared/config';
import { assertTogether } from '@actp/shared/settings-together';
import type { Agent } from './agents/agent.ts';
import { createCommunication } from './agents/communication.ts';
import { createLedger } from './agents/ledger.ts';
import { createPurchase } from './agents/purchase.ts';
import { createResearch } from './agents/research.ts';
import { createSummariser } from './agents/summariser.ts';
import type { ExecutorParts } from './executor.ts';
import { parseIntent } from './intent/parse-intent.ts';
import { readProviderPrices } from './prices/provider-prices.ts';
import type { agentsShape } from './settings.ts';

/**
 * The agents that are registered, one line each, and what understands prompts, with the services outside that the settings name.
 *
 * @param rootDir where config/ is
 * @param pages how pages are read; tests have theirs on loopback
 * @throws when a table of prices cannot be read
 */
export async function createParts(
  env: ConfigOf<typeof agentsShape>,
  rootDir: string,
  pages = createPageReader(),
): Promise<(deps: { db: Db }) => ExecutorParts> {
  assertTogether({ STRIPE_SECRET_KEY: env.STRIPE_SECRET_KEY, PAYMENT_PROVIDER: env.PAYMENT_PROVIDER });
  const modelPrices = await readModelPrices(join(rootDir, 'config/model-prices.yaml'));
  const models = createModels(env, modelPrices);
  const noModels = createModels({ ...env, GROQ_API_KEY: undefined, GEMINI_API_KEY: undefined }, modelPrices);
  const prices = await readProviderPrices(join(rootDir, 'config/provider-prices.yaml'));
  const summariser = createSummariser(models);

  return ({ db }) => {
    const agents: Agent[] = [
      createResearch({
        web: createBrave({ apiKey: env.BRAVE_API_KEY, baseUrl: env.BRAVE_BASE_URL }),
        pages,
        prices,
        summariser,
      }),
      createCommunication({
        apiKey: env.RESEND_API_KEY,
        from: env.RESEND_FROM,
        baseUrl: env.RESEND_BASE_URL,
      }),
      createPurchase({
        coingecko: createCoinGecko({ apiKey: env.COINGECKO_API_KEY, baseUrl: env.COINGECKO_BASE_URL }),
        payments:
          env.PAYMENT_PROVIDER === 'stripe' && env.STRIPE_SECRET_KEY !== undefined
            ? createStripePayments({
                secretKey: env.STRIPE_SECRET_KEY,
                baseUrl: env.STRIPE_BASE_URL,
                paymentMethod: env.STRIPE_PAYMENT_METHOD,
              })
            : createLedger(db),
        tolerancePercent: env.PRICE_TOLERANCE_PERCENT,
      }),
    ];
    return {
      agents,
      parseIntent: (prompt, mayCost, signal) =>
        parseIntent({ prompt, agents, models: mayCost ? models : noModels, signal }),
    };
  };
}
