import type { Ecosystem } from '../lock-files/lock-file.ts';

export const withoutSeparators = (name: string): string => name.replaceAll(/[@/._-]/g, '');

// What is put before or behind the name of something well known.
const decorations: Readonly<Record<Ecosystem, RegExp>> = {
  npm: /^(?:nodejs|node|npm)|(?:nodejs|node|npm|js)$/g,
  pip: /^(?:python[23]?|py[23]?)|(?:python[23]?|py[23]?)$/g,
};

/** A name without separators, and without the language that stands before or behind it. */
export const stemOf = (name: string, ecosystem: Ecosystem): string =>
  withoutSeparators(name).replaceAll(decorations[ecosystem], '');

// What is put behind the name of an organisation.
const organisations = /(?:official|team|inc|org|hq|dev|labs?|ai|js|io|s)$/;

/** What a scope is called for: `anthropic` of `anthropic-ai`, `anthropics`, `anthropic`. */
export const organisationOf = (scope: string): string => withoutSeparators(scope).replace(organisations, '');
