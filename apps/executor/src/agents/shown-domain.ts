import { domainToUnicode } from 'node:url';

const scripts = ['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Hebrew', 'Arabic', 'Cherokee', 'Georgian'].map(
  (script) => new RegExp(`\\p{Script=${script}}`, 'u'),
);

/**
 * What a mail program shows in place of the domain of an address, and a warning, for the card; {} for a domain of plain letters. An encoded
 * domain (`xn--...`) may look just like one that the person who decides knows.
 */
export function shownDomain(address: string): { to_domain_shown?: string; to_domain_warning?: string } {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (!domain.split('.').some((label) => label.startsWith('xn--'))) return {};
  const shown = domainToUnicode(domain);
  const mixed = shown.split('.').some((label) => scripts.filter((script) => script.test(label)).length > 1);
  return {
    to_domain_shown: shown,
    to_domain_warning: mixed
      ? 'This domain mixes letters of several scripts, as domains that imitate another one do.'
      : 'This domain has letters outside of ASCII. It may only look like one that you know.',
  };
}
