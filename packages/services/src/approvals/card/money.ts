import type { ExactNumber, ExactJson } from '@actp/shared/exact-json';

const usdKey = /(?:^|[_-])usd$/i;
const camelUsdKey = /[a-z\d](?:Usd|USD)$/;
const amountKey = /^(?:amount|total|price|cost|budget|value)$/i;

/**
 * The currency in which a number is meant.
 *
 * @param key its own, for instance `amount_usd`; or `amount`, beside a `currency`
 * @param beside the object that it stands in
 * @returns undefined when it is not money as far as we know
 */
export function currencyOf(key: string, beside: { readonly [key: string]: ExactJson }): string | undefined {
  if (usdKey.test(key) || camelUsdKey.test(key)) return 'USD';
  if (!amountKey.test(key) || !Object.hasOwn(beside, 'currency')) return undefined;
  const currency = beside['currency'];
  return typeof currency === 'string' && /^[A-Za-z]{3}$/.test(currency) ? currency.toUpperCase() : undefined;
}

/** `1,234.50 USD`: thousands grouped, at least two decimals, every further digit as it is written. */
export function moneyText({ text }: ExactNumber, currency: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  // Written with an exponent: any other form would be our interpretation.
  if (!parts) return `${text} ${currency}`;
  const [, sign = '', whole = '', decimals = ''] = parts;
  return `${sign}${grouped(whole)}.${decimals.padEnd(2, '0')} ${currency}`;
}

function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
