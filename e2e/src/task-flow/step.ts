/** One thing that has to hold. */
interface Step {
  name: string;
  /** @returns what was seen, in a line; throws when it does not hold */
  run(): Promise<string>;
}

/** Steps that belong together. */
export interface Chapter {
  title: string;
  steps: readonly Step[];
}
