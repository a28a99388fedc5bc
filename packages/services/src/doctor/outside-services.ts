import { EmailSender } from '@actp/providers/email-message';
import { fail, off, ok, warn, type Check, type Finding } from './finding.ts';

/** The settings of the services that the agents of tasks call, as they were given. */
export type OutsideSettings = Readonly<Record<string, string | undefined>>;

interface Service {
  name: string;
  keys: readonly string[];
  /** What works without. */
  without: string;
}

const services: readonly Service[] = [
  { name: 'web search', keys: ['BRAVE_API_KEY'], without: 'tasks that search the web say so' },
  {
    name: 'language model',
    keys: ['GROQ_API_KEY', 'GEMINI_API_KEY'],
    without: 'tasks in the fixed forms work; docs/tasks.md',
  },
  { name: 'e-mail', keys: ['RESEND_API_KEY'], without: 'tasks that send mail say so' },
  { name: 'prices', keys: ['COINGECKO_API_KEY'], without: 'the public limits apply' },
];

/** Whether the services for tasks are set up. Nothing is called: each call would cost. @param given undefined: only the command line sees them */
export const outsideServicesCheck = (given: OutsideSettings | undefined): Check => ({
  name: 'services for tasks',
  async look() {
    if (given === undefined)
      return off('services for tasks', 'npm run doctor, on that machine, looks at their keys');
    return [
      ...services.map((service) => serviceFinding(service, given)),
      ...senderFindings(given),
      ...paymentFinding(given),
    ];
  },
});

function serviceFinding({ name, keys, without }: Service, given: OutsideSettings): Finding {
  const set = keys.filter((key) => given[key] !== undefined);
  const odd = set.filter((key) => keyProblem(given[key] ?? '') !== undefined);
  if (odd.length > 0)
    return fail(name, `${odd.join(', ')} cannot be a key`, 'Copy it again from the service');
  if (set.length === 0) return off(name, `${keys.join(' and ')} not set; ${without}`);
  return ok(name, `${set.join(', ')} set (not tried: calls cost)`);
}

/** Why a text cannot be the key of a service; undefined when it may be one. */
export function keyProblem(key: string): string | undefined {
  return /^[\x21-\x7e]{8,4096}$/.test(key)
    ? undefined
    : 'must be at least 8 printable ASCII characters without blanks';
}

/** Why RESEND_FROM cannot be used; undefined when it can. */
export function senderProblem(from: string): string | undefined {
  return EmailSender.safeParse(from).success ? undefined : 'must be an address, or Name <address>';
}

function senderFindings(given: OutsideSettings): Finding[] {
  const { RESEND_API_KEY: key, RESEND_FROM: from } = given;
  const remedy = 'Set RESEND_FROM to an address of a domain that Resend has verified';
  if (from !== undefined) {
    const problem = senderProblem(from);
    if (problem !== undefined) return [fail('e-mail sender', `RESEND_FROM ${problem}`, remedy)];
    return key === undefined
      ? [warn('e-mail sender', 'RESEND_FROM is set, RESEND_API_KEY is not', 'Set both, or neither')]
      : [];
  }
  return key === undefined
    ? []
    : [fail('e-mail sender', 'RESEND_API_KEY is set, RESEND_FROM is not', remedy)];
}

function paymentFinding(given: OutsideSettings): Finding[] {
  if (given['PAYMENT_PROVIDER'] !== 'stripe') return [ok('payments', 'by the ledger: no money moves')];
  const missing = ['STRIPE_SECRET_KEY', 'STRIPE_PAYMENT_METHOD'].filter((key) => given[key] === undefined);
  if (missing.length > 0)
    return [fail('payments', `${missing.join(', ')} not set`, 'Set them, or PAYMENT_PROVIDER=ledger')];
  return [ok('payments', 'by Stripe (not tried)')];
}
