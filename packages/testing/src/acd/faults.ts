/** What goes wrong with the next calls of a path. `after`: the call takes effect all the same, only its answer is lost. */
export interface AcdFault {
  path: '/api/status' | '/api/harness/start' | '/api/harness/stop';
  effect: 'reset' | 'hang' | 'garbage' | 'huge' | 'redirect' | 'error' | 'empty';
  /** How many calls it hits; until cleared when left out. */
  times?: number;
  when?: 'before' | 'after';
  /** With `error`. */
  code?: number;
  message?: string;
  /** With `redirect`. */
  location?: string;
}

export function createAcdFaults() {
  let faults: AcdFault[] = [];
  return {
    add(fault: AcdFault): void {
      faults.push({ ...fault });
    },
    clear(): void {
      faults = [];
    },
    /** The fault that hits this call, counted as used. */
    take(path: string): AcdFault | undefined {
      const hit = faults.find((fault) => fault.path === path);
      if (hit?.times !== undefined) {
        hit.times -= 1;
        if (hit.times === 0) faults = faults.filter((fault) => fault !== hit);
      }
      return hit;
    },
  };
}
