import { dbShape } from '@actp/db/client';
import { redisShape } from '@actp/shared/redis';
import { settings } from '@actp/shared/settings';

/** What agents read: the services outside that they call. */
export const agentsShape = {
  BRAVE_API_KEY: settings.BRAVE_API_KEY,
  BRAVE_BASE_URL: settings.BRAVE_BASE_URL,
  GROQ_API_KEY: settings.GROQ_API_KEY,
  GROQ_BASE_URL: settings.GROQ_BASE_URL,
  GROQ_MODEL: settings.GROQ_MODEL,
  GEMINI_API_KEY: settings.GEMINI_API_KEY,
  GEMINI_BASE_URL: settings.GEMINI_BASE_URL,
  GEMINI_MODEL: settings.GEMINI_MODEL,
  RESEND_API_KEY: settings.RESEND_API_KEY,
  RESEND_BASE_URL: settings.RESEND_BASE_URL,
  RESEND_FROM: settings.RESEND_FROM,
  COINGECKO_API_KEY: settings.COINGECKO_API_KEY,
  COINGECKO_BASE_URL: settings.COINGECKO_BASE_URL,
  PAYMENT_PROVIDER: settings.PAYMENT_PROVIDER,
  STRIPE_SECRET_KEY: settings.STRIPE_SECRET_KEY,
  STRIPE_PAYMENT_METHOD: settings.STRIPE_PAYMENT_METHOD,
  STRIPE_BASE_URL: settings.STRIPE_BASE_URL,
  PRICE_TOLERANCE_PERCENT: settings.PRICE_TOLERANCE_PERCENT,
};

/** What the executor reads from its environment. */
export const executorShape = {
  POLICY_FILE: settings.POLICY_FILE,
  APPROVAL_TTL_SECONDS: settings.APPROVAL_TTL_SECONDS,
  APPROVAL_GRANT_SECONDS: settings.APPROVAL_GRANT_SECONDS,
  MAX_SPEND_PER_TASK: settings.MAX_SPEND_PER_TASK,
  DAILY_BUDGET: settings.DAILY_BUDGET,
  ...agentsShape,
  ...redisShape,
  ...dbShape,
};
