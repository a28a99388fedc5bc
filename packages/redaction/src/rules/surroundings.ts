export interface Surroundings {
  /** `=` without white space, as in an environment or an address. */
  tight: boolean;
  /** The name stands at the beginning of its line, as in YAML. */
  alone: boolean;
  /** Among the arguments of a call. */
  argument: boolean;
  /** `==` and the like: nothing is assigned. */
  compared: boolean;
  /** Set by a command, a flag or an operator, rather than by a colon. */
  sign: string;
  next: string;
}
