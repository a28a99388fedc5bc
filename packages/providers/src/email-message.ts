import { domainToUnicode } from 'node:url';
import { isShownAsItIs } from '@actp/shared/shown-as-it-is';
import { z } from 'zod';

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const atom = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+";
const addressForm = new RegExp(
  `^(?=.{1,64}@)${atom}(?:\\.${atom})*@(?:${label}\\.)+(?:[a-zA-Z]{2,63}|xn--[a-zA-Z0-9-]{1,59})$`,
);
const lineBreak = /[\n\t]/;

/** Whether the labels of its domain that are encoded (`xn--...`) say something: nobody could be shown what they are otherwise. */
const isDecodable = (address: string): boolean =>
  !/[@.]xn--/i.test(domainToUnicode(`x.${address.slice(address.lastIndexOf('@') + 1)}`));

/** One plain address: no name, no list, nothing that a header could end with. */
export const EmailAddress = z
  .string()
  .trim()
  .max(254, 'must be one plain e-mail address')
  .refine((text) => addressForm.test(text) && isDecodable(text), 'must be one plain e-mail address');

/** A mail of text to one recipient. */
export const EmailMessage = z.strictObject({
  to: EmailAddress,
  // What RFC 5322 lets a line have, less what a mail client adds.
  subject: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .refine((text) => isShownAsItIs(text) && !lineBreak.test(text), 'must be one line of visible text'),
  text: z
    .string()
    .transform((text) => text.replaceAll(/\r\n?/g, '\n').trim())
    .pipe(
      z
        .string()
        .min(1)
        .max(10_000)
        .refine(isShownAsItIs, 'must not hold control characters or invisible ones'),
    ),
});
export type EmailMessage = z.infer<typeof EmailMessage>;

const senderForm = /^(?:[^<>@,;:"\\\p{Cc}]{0,200}<([^<>]+)>|([^<>]+))$/u;

/** Who sends: an address, or `Name <address>`. */
export const EmailSender = z
  .string()
  .trim()
  .refine((text) => {
    const parts = senderForm.exec(text);
    return EmailAddress.safeParse(parts?.[1] ?? parts?.[2]).success;
  }, 'must be an address or `Name <address>`');
