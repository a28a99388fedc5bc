/** Keys that are left alone for a while. */
export interface Cooldowns {
  add(key: string, ms: number): void;
  /** Those whose cooldown is not over. */
  keys(): string[];
}

/** @param now milliseconds that only go forward */
export function createCooldowns(now: () => number): Cooldowns {
  const until = new Map<string, number>();
  return {
    add: (key, ms) => void until.set(key, now() + ms),
    keys() {
      for (const [key, time] of until) if (time <= now()) until.delete(key);
      return [...until.keys()];
    },
  };
}
