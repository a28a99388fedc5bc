import { toMinor } from '@actp/shared/money';
import { TaskError } from '../task-error.ts';

/**
 * What a quantity costs at a price, in cents, rounded half up.
 *
 * @throws TaskError when that is less than a cent, or no amount of money
 */
export function amountMinor(quantity: string, unitPriceUsd: string): number {
  const minor = inCents([quantity, unitPriceUsd]);
  if (minor === undefined) {
    throw new TaskError('amount_too_large', `${quantity} at ${unitPriceUsd} USD is more than can be paid.`);
  }
  if (minor < 1) {
    const message = `${quantity} at ${unitPriceUsd} USD is less than a cent; ask for more.`;
    throw new TaskError('amount_too_small', message);
  }
  return minor;
}

function inCents(factors: string[]): number | undefined {
  try {
    return toMinor(factors, 'half_up');
  } catch {
    return undefined;
  }
}
