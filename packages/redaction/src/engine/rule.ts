/** A place in a text that must not get out. */
export interface Secret {
  /** Where what led to it begins: a cut between here and `end` could change the finding. */
  lead: number;
  start: number;
  end: number;
  kind: string;
  /** Of two findings at the same place the higher one names it. */
  rank: number;
}

export interface Stretch {
  from: number;
  to: number;
}

/** What is remembered of one rule. */
export interface Memory {
  /** End of the last token that it found. */
  foundTo: number;
  /** Where what it rejected ends, and how often it did so before there. */
  rejectedTo: number;
  rejections: number;
  /** It is not asked before that. */
  restsTo: number;
}

/** What is remembered while one text is read from left to right. */
export interface Scan {
  readonly text: string;
  /** End of the last placeholder that stood in the text already. */
  placeholderEnd: number;
  /** The last finding of a rule that reads a whole value. */
  valueFrom: number;
  valueEnd: number;
  /** What is remembered of single rules; made when there is something to remember. */
  memories: Map<Rule, Memory> | undefined;
  /** Set by a rule that has read a token and does not believe in it. */
  rejectedUntil: number;
  /** A stretch of text without a character that ends a bare value: from where, to where, and whether one stands there. */
  bare: { from: number; to: number; ended: boolean };
  /** End of the last name that was looked at, so that `secret_access_key` is looked at once. */
  nameEnd: number;
  /** Where `curl`, a database's shell and the like were called last. */
  commandAt: number;
  /** Where this Kubernetes document said that it is a Secret, and where the document began. */
  kindSecretAt: number;
  documentAt: number;
  /** Where the next `kind: Secret` is, and how far anybody has looked for one. */
  nextKindAt: number;
  kindsReadTo: number;
  /** End of the last block of values that was read. */
  blockEnd: number;
  /** Where the next @ is; beyond the text when there is none. */
  nextAtSign: number;
  /** Where colours of a terminal are, in order. */
  colours: Stretch[];
  /** Where the first finding begins that text behind the end may still change. */
  openFrom: number;
}

/** Finds one kind, or a few, from a word that always stands beside them. */
export interface Rule {
  /** Kinds that it may give, for the documentation. */
  kinds: readonly string[];
  /** In lower case. The rule is asked at each of their occurrences, whatever the case there. */
  keywords: readonly string[];
  /**
   * `value`: reads a whole value, and is not asked again within what such a rule has found.
   * `note`: only remembers something.
   */
  family: 'token' | 'value' | 'note';
  /** Having found nothing, it is not asked again within so many characters: for rules that look far ahead. */
  rest?: number;
  /**
   * Reads a bounded number of characters, and only as much to the left as `longestLookBack`.
   *
   * @param at where the keyword begins
   * @returns what is found there; more than one for a block of values
   */
  find(at: number, scan: Scan): Secret | Secret[] | undefined;
}

/** Ranks: what is known by its own form says more than what stands beside it. */
export const rankOf = { value: 1, header: 2, token: 3, block: 4 } as const;

/** Characters in front of a finding that may matter to it. */
export const longestLookBack = 4_096;
/** Characters from the beginning of a lead to the last character that matters to the finding. */
export const longestReach = 40_000;
