import { describe, expect, it } from 'vitest';
import { look } from './look.fixture.ts';
import { keyProblem, outsideServicesCheck, senderProblem, type OutsideSettings } from './outside-services.ts';

/** Each finding on a line: name, state, detail and remedy. */
const told = async (given: OutsideSettings | undefined) =>
  (await look(outsideServicesCheck(given))).map(({ name, state, detail, remedy }) =>
    [name, state, detail, ...(remedy === null ? [] : [remedy])].join(' | '),
  );

const setFrom = 'Set RESEND_FROM to an address of a domain that Resend has verified';

describe('services for tasks', () => {
  it('are off without keys, and each says what works all the same', async () => {
    expect(await told({})).toEqual([
      'web search | off | BRAVE_API_KEY not set; tasks that search the web say so',
      'language model | off | GROQ_API_KEY and GEMINI_API_KEY not set; tasks in the fixed forms work; docs/tasks.md',
      'e-mail | off | RESEND_API_KEY not set; tasks that send mail say so',
      'prices | off | COINGECKO_API_KEY not set; the public limits apply',
      'payments | ok | by the ledger: no money moves',
    ]);
  });

  it('are looked at on their machine alone', async () => {
    expect(outsideServicesCheck({}).name).toBe('services for tasks');
    expect(await told(undefined)).toEqual([
      'services for tasks | off | npm run doctor, on that machine, looks at their keys',
    ]);
  });

  it('are judged by the form of their keys, which are never shown', async () => {
    const keys = {
      BRAVE_API_KEY: 'BSA-0123456789',
      GROQ_API_KEY: 'gsk-0123456789',
      GEMINI_API_KEY: 'two words',
      RESEND_API_KEY: 're_0123456789',
      COINGECKO_API_KEY: 'short',
      PAYMENT_PROVIDER: 'stripe',
      STRIPE_SECRET_KEY: 'of-stripe-0123456789',
      STRIPE_PAYMENT_METHOD: 'pm_0123456789',
    };
    const found = await told(keys);
    expect(found).toEqual([
      'web search | ok | BRAVE_API_KEY set (not tried: calls cost)',
      'language model | fail | GEMINI_API_KEY cannot be a key | Copy it again from the service',
      'e-mail | ok | RESEND_API_KEY set (not tried: calls cost)',
      'prices | fail | COINGECKO_API_KEY cannot be a key | Copy it again from the service',
      `e-mail sender | fail | RESEND_API_KEY is set, RESEND_FROM is not | ${setFrom}`,
      'payments | ok | by Stripe (not tried)',
    ]);
    const text = found.join();
    for (const key of Object.values(keys).filter((value) => value !== 'stripe'))
      expect(text).not.toContain(key);
    expect(await told({ GROQ_API_KEY: 'a b', GEMINI_API_KEY: '' })).toContain(
      'language model | fail | GROQ_API_KEY, GEMINI_API_KEY cannot be a key | Copy it again from the service',
    );
    expect(await told({ GROQ_API_KEY: 'a'.repeat(8), GEMINI_API_KEY: 'b'.repeat(8) })).toContain(
      'language model | ok | GROQ_API_KEY, GEMINI_API_KEY set (not tried: calls cost)',
    );
  });

  it.each([
    ['plane@example.com', []],
    ['The plane <plane@example.com>', []],
    ['nobody', [`e-mail sender | fail | RESEND_FROM must be an address, or Name <address> | ${setFrom}`]],
    [
      'a@example.com, b@example.com',
      [`e-mail sender | fail | RESEND_FROM must be an address, or Name <address> | ${setFrom}`],
    ],
  ])('know a sender: %s', async (RESEND_FROM, findings) => {
    const found = await told({ RESEND_API_KEY: 're_0123456789', RESEND_FROM });
    expect(found.filter((line) => line.startsWith('e-mail sender'))).toEqual(findings);
    expect(senderProblem(RESEND_FROM) === undefined).toBe(findings.length === 0);
  });

  it('say that a sender without a key sends nothing', async () => {
    expect(await told({ RESEND_FROM: 'plane@example.com' })).toContain(
      'e-mail sender | warn | RESEND_FROM is set, RESEND_API_KEY is not | Set both, or neither',
    );
  });

  it('need what Stripe needs', async () => {
    const remedy = 'Set them, or PAYMENT_PROVIDER=ledger';
    expect(await told({ PAYMENT_PROVIDER: 'stripe' })).toContain(
      `payments | fail | STRIPE_SECRET_KEY, STRIPE_PAYMENT_METHOD not set | ${remedy}`,
    );
    expect(await told({ PAYMENT_PROVIDER: 'stripe', STRIPE_SECRET_KEY: 'x' })).toContain(
      `payments | fail | STRIPE_PAYMENT_METHOD not set | ${remedy}`,
    );
    expect(await told({ PAYMENT_PROVIDER: 'ledger' })).toContain(
      'payments | ok | by the ledger: no money moves',
    );
  });
});

describe('the key of a service', () => {
  it.each(['a'.repeat(8), 'a'.repeat(4_096), '!~'.repeat(4)])('may be one: %s', (key) => {
    expect(keyProblem(key)).toBeUndefined();
  });

  it.each([
    '',
    'a'.repeat(7),
    'a'.repeat(4_097),
    'with a blank',
    'with\ttab',
    'ümlaut-key',
    'a'.repeat(8) + '\n',
  ])('cannot be one: %j', (key) => {
    expect(keyProblem(key)).toBe('must be at least 8 printable ASCII characters without blanks');
  });
});
