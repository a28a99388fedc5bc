/** `ok`; `warn`: works, but not as it should; `fail`: does not work; `off`: not set up, or not to be seen from here. */
export type FindingState = 'ok' | 'warn' | 'fail' | 'off';

/** What was found in one place. Holds no secret and no address with credentials. */
export interface Finding {
  name: string;
  state: FindingState;
  detail: string;
  /** What to do about it; null where there is nothing to do. */
  remedy: string | null;
}

/** Looks at one part of an installation. */
export interface Check {
  /** That of its findings, or the beginning of their names. */
  name: string;
  /** @param signal ends when the time for it is over */
  look(signal: AbortSignal): Promise<Finding | readonly Finding[]>;
}

export const ok = (name: string, detail: string): Finding => ({ name, state: 'ok', detail, remedy: null });

export const warn = (name: string, detail: string, remedy: string): Finding => ({
  name,
  state: 'warn',
  detail,
  remedy,
});

export const fail = (name: string, detail: string, remedy: string): Finding => ({
  name,
  state: 'fail',
  detail,
  remedy,
});

/** @param remedy how to turn it on, where that is worth saying */
export const off = (name: string, detail: string, remedy: string | null = null): Finding => ({
  name,
  state: 'off',
  detail,
  remedy,
});

/** How the detail about a store begins. */
export const kindOf = (embedded: boolean | undefined): string =>
  embedded === undefined ? '' : embedded ? 'embedded, ' : 'external, ';

/** A problem of a store in other words: nobody has set an address of the embedded one. */
export const asEmbedded = (problem: string): string =>
  problem.replace(/^The \w+ (?:project|server) at \w+/, 'the embedded one');
