import type { Surroundings } from './surroundings.ts';

/** A value of which nothing around it says anything. */
export const plainSurroundings: Surroundings = {
  tight: false,
  alone: false,
  argument: false,
  compared: false,
  sign: ':',
  next: '',
};
