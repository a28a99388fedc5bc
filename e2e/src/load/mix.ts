import type { FollowUp, Step } from './steps.ts';

/** Of a hundred things that are started; what follows from them comes on top, within the same rate. */
export const shares = { guard: 38, audit: 38, approval: 12, read: 8, press: 2, task: 2 } as const;

export interface Mix {
  /** Sends the next request: what follows from an earlier one when it is time, otherwise something new. */
  next(intended: number): Promise<void>;
}

/**
 * Chooses what is sent, in the same order at every run.
 *
 * @param steps kinds that are left out give their share to the others
 */
export function createMix(steps: Partial<Record<keyof typeof shares, Step>>): Mix {
  const wheel = spread(steps);
  const due: Array<{ at: number; step: Step }> = [];
  let turn = 0;
  const add = (followUp: FollowUp | undefined) => {
    if (followUp === undefined) return;
    const at = performance.now() + followUp.afterMs;
    const before = due.findLastIndex((other) => other.at <= at);
    due.splice(before + 1, 0, { at, step: followUp.step });
  };
  return {
    async next(intended) {
      const [first] = due;
      let step: Step | undefined;
      if (first !== undefined && first.at <= intended) {
        due.shift();
        step = first.step;
      } else {
        step = wheel[turn % wheel.length];
        turn += 1;
      }
      if (step !== undefined) add(await step(intended));
    },
  };
}

/** Each kind as often as its share, as evenly as it goes. */
function spread(steps: Partial<Record<keyof typeof shares, Step>>): Step[] {
  const kinds = Object.entries(shares).flatMap(([name, share]) => {
    const step = steps[name as keyof typeof shares];
    return step === undefined
      ? []
      : Array.from({ length: share }, (_, n) => ({ step, at: (n + 0.5) / share }));
  });
  return kinds.toSorted((a, b) => a.at - b.at).map(({ step }) => step);
}
