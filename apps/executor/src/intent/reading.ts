/** What a sentence asks for, for one agent. */
export interface Understood {
  agent: string;
  input: Record<string, string>;
}

/** Why a sentence is not carried out. */
export interface Problem {
  /** For the person: what was not understood. */
  problem: string;
  /**
   * The sentence was read, and says that it should not be carried out as one task (a negation, a question, two tasks in one): a
   * language model is not asked for another opinion.
   */
  final: boolean;
}

/** What one reader makes of a sentence; undefined when it is not its kind of sentence. */
export type Reading = Understood | Problem | undefined;

/** A sentence that somebody may word better. */
export const unclear = (problem: string): Problem => ({ problem, final: false });

/** A sentence that is not carried out, whoever reads it. */
export const refused = (problem: string): Problem => ({ problem, final: true });

export const isUnderstood = (reading: Understood | Problem): reading is Understood => 'agent' in reading;
