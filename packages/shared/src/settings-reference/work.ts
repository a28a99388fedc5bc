import type { SettingGroup } from './reference.ts';

/** What people and agents use. */
export const workSettings: readonly SettingGroup[] = [
  {
    title: 'Telegram',
    settings: {
      TELEGRAM_BOT_TOKEN: { default: null, text: 'As @BotFather gives it; without one Telegram is off' },
      TELEGRAM_CHAT_ID: { default: null, text: 'The chat for alerts and approval cards' },
      TELEGRAM_EXTRA_CHAT_IDS: { default: null, text: 'Further chats that an approval may name' },
      TELEGRAM_APPROVER_IDS: {
        default: null,
        text: 'Numeric ids of the people who may decide and give commands, separated by commas; empty means nobody',
      },
      TELEGRAM_API_ROOT: { default: 'https://api.telegram.org', text: 'Another Bot API server' },
    },
  },
  {
    title: 'Approvals, policy and spending',
    settings: {
      APPROVAL_TTL_SECONDS: {
        default: '14400',
        text: 'How long an approval waits for a decision before it expires',
      },
      APPROVAL_GRANT_SECONDS: {
        default: '600',
        text: 'How long an approval can be redeemed once it is given',
      },
      POLICY_FILE: {
        default: 'config/policy.yaml',
        text: 'The policy; a changed file is in force within seconds',
      },
      MAX_SPEND_PER_TASK: { default: '1000.00', text: 'USD; a guard request that costs more is denied' },
      DAILY_BUDGET: { default: '5000.00', text: 'USD that the tasks of a user may spend per day (UTC)' },
      CALLBACK_ORIGINS: {
        default: null,
        example: 'https://agents.example.com',
        text: 'Origins that the callback_url of an approval may lead to, separated by commas',
      },
      CALLBACK_SECRET: {
        default: null,
        text: 'Signs callbacks (Standard Webhooks, whsec_...); needed with CALLBACK_ORIGINS',
      },
      CALLBACK_SECRET_PREVIOUS: {
        default: null,
        text: 'Signs callbacks as well, while CALLBACK_SECRET is rotated: receivers may verify with either',
      },
      SIGNING_REQUIRED: {
        default: 'false',
        text: 'Whether agents must sign the calls that redeem approvals (Standard Webhooks)',
      },
      SIGNING_SECRET: { default: null, text: 'What they sign with (whsec_...)' },
      SIGNING_SECRET_PREVIOUS: { default: null, text: 'Stays valid while SIGNING_SECRET is rotated' },
      AGENT_KEYS_REQUIRED: {
        default: 'false',
        text: 'Whether only agents with keys of their own may ask, redeem, report and write events',
      },
    },
  },
  {
    title: 'Tasks',
    settings: {
      BRAVE_API_KEY: {
        default: null,
        text: 'Brave Search, for research; without it a research task says that it is missing',
      },
      BRAVE_BASE_URL: { default: 'https://api.search.brave.com', text: 'Another address of it' },
      GROQ_API_KEY: {
        default: null,
        text: 'Groq, the language model that is asked first. Without Groq and Gemini the sentences of docs/tasks.md are understood, and summaries are extracts',
      },
      GROQ_BASE_URL: {
        default: 'https://api.groq.com/openai/v1',
        text: 'Another address of it, or of another service with its API; ends in /openai/v1',
      },
      GROQ_MODEL: {
        default: 'openai/gpt-oss-120b',
        text: 'Its model; prices are in config/model-prices.yaml',
      },
      GEMINI_API_KEY: {
        default: null,
        text: 'Gemini, the language model that is asked when Groq is not there',
      },
      GEMINI_BASE_URL: {
        default: 'https://generativelanguage.googleapis.com/v1beta',
        text: 'Another address of it',
      },
      GEMINI_MODEL: {
        default: 'gemini-2.5-flash',
        text: 'Its model; prices are in config/model-prices.yaml',
      },
      RESEND_API_KEY: { default: null, text: 'Resend, which sends e-mail; without it no e-mail can be sent' },
      RESEND_BASE_URL: { default: 'https://api.resend.com', text: 'Another address of it' },
      RESEND_FROM: {
        default: null,
        example: "'Plane <plane@example.com>'",
        text: 'The sender of e-mail, of a domain that Resend has verified; needed with RESEND_API_KEY',
      },
      COINGECKO_API_KEY: {
        default: null,
        text: 'CoinGecko, which tells prices for purchases; works without a key at a low rate',
      },
      COINGECKO_BASE_URL: { default: 'https://api.coingecko.com/api/v3', text: 'Another address of it' },
      PAYMENT_PROVIDER: {
        default: 'ledger',
        text: 'How purchases are paid: ledger only records them in the database, stripe charges',
      },
      STRIPE_SECRET_KEY: { default: null, text: 'Needed with PAYMENT_PROVIDER=stripe' },
      STRIPE_PAYMENT_METHOD: {
        default: null,
        example: 'pm_...',
        text: "What Stripe charges; without it Stripe's test card, which only a test key takes",
      },
      STRIPE_BASE_URL: { default: 'https://api.stripe.com', text: 'Another address of it' },
      PRICE_TOLERANCE_PERCENT: {
        default: '1',
        text: 'How far a price may have risen since it was approved; a purchase that would cost more is not made',
      },
    },
  },
];
