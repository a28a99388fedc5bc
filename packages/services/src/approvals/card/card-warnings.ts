/** What a reader of a card has to be told about it. Complete when all rows were taken. */
export interface CardWarnings {
  /** Texts of which something was hidden because it looks like a secret. */
  hidden: number;
  /** Those of them in which what is hidden might be something that a person has to see. */
  withheld: number;
  /** Not everything can be shown. */
  incomplete: boolean;
}

/** Nothing to say. */
export const noWarnings = (): CardWarnings => ({ hidden: 0, withheld: 0, incomplete: false });
