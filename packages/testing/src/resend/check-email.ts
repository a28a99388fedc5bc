import { z } from 'zod';
import type { OutsideReply } from '../outside/route.ts';
import { resendError } from './errors.ts';

const Email = z.object({
  from: z.string(),
  to: z.union([z.string(), z.array(z.string()).min(1).max(50)]).transform((to) => [to].flat()),
  subject: z.string(),
  text: z.string().optional(),
  html: z.string().optional(),
  reply_to: z.unknown().optional(),
  tags: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
export type SentEmail = z.infer<typeof Email>;

const address = /^[^\s<>@,]+@([^\s<>@,]+\.[^\s<>@,]+)$/;
const named = /^[^<>]*<([^<>]+)>$/;

/** A mail as it can be sent, or why it cannot. */
export function checkEmail(
  body: unknown,
  verifiedDomains: readonly string[] | undefined,
): SentEmail | { refusal: OutsideReply } {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  for (const name of ['from', 'to', 'subject']) {
    if (fields[name] === undefined || fields[name] === '') {
      return refusal(422, 'missing_required_field', `Missing \`${name}\` field.`);
    }
  }
  const parsed = Email.safeParse(fields);
  if (!parsed.success) return refusal(400, 'validation_error', 'Invalid field.');
  const email = parsed.data;
  if (email.text === undefined && email.html === undefined) {
    return refusal(422, 'missing_required_field', 'Missing `html` or `text` field.');
  }
  const domain = address.exec(bare(email.from))?.[1];
  if (domain === undefined) return refusal(422, 'invalid_from_address', 'Invalid `from` field.');
  if (verifiedDomains && !verifiedDomains.includes(domain)) {
    return refusal(403, 'validation_error', `The ${domain} domain is not verified.`);
  }
  if (!email.to.every((to) => address.test(bare(to)))) {
    return refusal(422, 'validation_error', 'Invalid `to` field.');
  }
  return email;
}

const bare = (text: string) => named.exec(text)?.[1] ?? text;
const refusal = (...error: Parameters<typeof resendError>) => ({ refusal: resendError(...error) });
