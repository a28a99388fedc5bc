/** How often the model must come to each answer at least. */
export const leastReached = {
  'reserve: reserved': 20,
  'reserve: over_budget': 5,
  'reserve: known': 5,
  'reserve: mismatch': 3,
  'commit: committed': 10,
  'commit: above_reservation': 2,
  'commit: known': 2,
  'commit: mismatch': 2,
  'commit: released': 2,
  'release: released': 5,
  'release: committed': 2,
  'sweep: released': 3,
};
