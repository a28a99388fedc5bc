import { z } from 'zod';
import { isReservedName, reservedNameRule } from './reserved.ts';

const rule = 'must be an e-mail address';

/** The address of an operator, whom another operator knows: nothing but two parts of printable ASCII. */
export const OperatorEmail = z
  .string()
  .trim()
  .regex(/^[!-?A-~]{1,64}@[!-?A-~]{1,255}$/, rule);

// `user:<address>` is who the audit log names, in at most 128 characters: a longer address would be cut to that of somebody else.
const most = 120;
const mostLocal = 64;
const mostLabel = 63;

const partsFit = (address: string) => {
  const [local = '', domain = ''] = address.split('@');
  return (
    local.length <= mostLocal &&
    domain.split('.').every((label) => label.length <= mostLabel && !label.endsWith('-'))
  );
};

/** The address with which somebody registers whom nobody knows. It may be of any mail service, but of the usual form. */
export const UserEmail = z
  .string()
  .trim()
  .max(most, `${rule} of at most ${most} characters`)
  .regex(z.regexes.email, rule)
  .refine(partsFit, rule)
  .refine((address) => !isReservedName(address), reservedNameRule);
