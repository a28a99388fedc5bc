export interface RatePlan {
  perSecond: number;
  /** 0: the plan has no cap, which is not the same as used up. */
  perMonth: number;
}

export interface RateState {
  /** What is left of the second and of the month. */
  second: number;
  month: number;
  /** Seconds until the window of a second begins anew. */
  reset: number;
}

const month = 2_592_000;

/** The headers of every answer: two windows, the second's and the month's. */
export function rateHeaders({ perSecond, perMonth }: RatePlan, left: RateState): Record<string, string> {
  return {
    'x-ratelimit-limit': `${perSecond}, ${perMonth}`,
    'x-ratelimit-policy': `${perSecond};w=1, ${perMonth};w=${month}`,
    'x-ratelimit-remaining': `${left.second}, ${left.month}`,
    'x-ratelimit-reset': `${left.reset}, 1419704`,
  };
}
