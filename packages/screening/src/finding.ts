/** Where a text comes from: the user's own words, a tool's output, a page of the web. */
export type Source = 'user' | 'tool' | 'web';

/** What kind of thing was found; `injection.<family>` is the code that the guard gives as a reason. */
export type Family =
  | 'override'
  | 'jailbreak'
  | 'exfiltration'
  | 'hidden_instruction'
  | 'secrecy'
  | 'approval_bypass'
  | 'shell'
  | 'sql'
  | 'path_traversal'
  | 'template'
  | 'code'
  | 'obfuscation'
  | 'model';

export interface ScreeningFinding {
  family: Family;
  /** The rule's name, unique: `override.prior_instructions`. */
  rule: string;
  /** A sentence about what was found; it never quotes the text. */
  reason: string;
  /** Where in the original text, in UTF-16 units: the first one, and the one after the last. */
  start: number;
  end: number;
  /** 0 to 1: how much this alone says, coming from this source. */
  weight: number;
}

export interface Screening {
  source: Source;
  /** 0 to 1; a text is worth a look from 0.5 on. */
  score: number;
  /** In the order of the text. */
  findings: ScreeningFinding[];
}
