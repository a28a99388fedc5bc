import { z } from 'zod';

/** What can go wrong between a client and a service outside. */
export const FaultKind = z.enum([
  /** Nothing: passes the request by, for a fault that hits the second one. */
  'clean',
  /** The answer comes, `ms` later. */
  'slow_answer',
  /** The request has its effect; the connection is held for `ms` and then cut, without an answer. */
  'accept_then_timeout',
  '5xx_after_effect',
  '5xx_before_effect',
  /** The connection is cut in the middle of the answer. */
  'reset_mid_body',
  /** The answer ends in its middle as if it were whole. */
  'truncated_json',
  /** 200 with what the service calls an error. */
  '200_with_error_body',
  /** Too many requests; `wait` says where it tells how long. */
  '429',
  'quota_day',
  'quota_month',
  /** The request reaches the service twice; the second answer is sent. */
  'duplicate_delivery',
  'key_conflict_409',
  /** HTML of a CDN, with `status`. */
  'wrong_content_type',
  /** A body of `bytes`, streamed. */
  'huge_body',
  /** A small body that inflates to `bytes`. */
  'gzip_bomb',
  /** A redirect to `location`; a private address that logs who follows it, when left out. */
  'redirect_to_private_address',
  /** The clock of the service is `ms` ahead (or behind) for this request. */
  'clock_skew',
  /** The requests that look something up fail; others pass. */
  'reconcile_unavailable',
]);
export type FaultKind = z.infer<typeof FaultKind>;

export const Fault = z.strictObject({
  kind: FaultKind,
  /** Only requests with this method. */
  method: z.string().optional(),
  /** Only requests whose path begins like this. */
  path: z.string().optional(),
  /** How many requests it hits; `always` until cleared. */
  times: z.union([z.int().min(1), z.literal('always')]).default(1),
  /** Whether the request has its effect before the fault (`after`) or not; each kind has the worse one as its default. */
  when: z.enum(['before', 'after']).optional(),
  ms: z.int().optional(),
  /** With 5xx and `wrong_content_type`. */
  status: z.int().min(200).max(599).optional(),
  /** With 429: where the client is told how long to wait. */
  wait: z.enum(['header', 'body', 'none']).default('header'),
  retryAfterSeconds: z.number().min(0).default(1),
  bytes: z.int().min(1).optional(),
  location: z.string().optional(),
});
export type Fault = z.infer<typeof Fault>;
export type FaultInput = z.input<typeof Fault>;

/** Faults by chance, the same for the same seed. */
export const SeededFaults = z.strictObject({
  seed: z.int(),
  kinds: z.array(FaultKind).min(1),
  /** How many of a hundred requests are hit. */
  percent: z.number().min(0).max(100),
  /** Goes with every one of them. */
  ms: z.int().optional(),
});
export type SeededFaults = z.infer<typeof SeededFaults>;

export type Faults = ReturnType<typeof createFaults>;
interface Target {
  method: string;
  path: string;
  /** It asks what has become of something. */
  lookUp: boolean;
}

/** Faults on request, in the order in which they came; the first that fits a request hits it. Then those by chance. */
export function createFaults() {
  let queue: { fault: Fault; left: number }[] = [];
  let chance: { options: SeededFaults; next: () => number } | undefined;

  return {
    add(...inputs: FaultInput[]): void {
      for (const input of inputs) {
        const fault = Fault.parse(input);
        queue.push({ fault, left: fault.times === 'always' ? Infinity : fault.times });
      }
    },
    seed(options: SeededFaults): void {
      chance = { options: SeededFaults.parse(options), next: randomNumbers(options.seed) };
    },
    clear(): void {
      queue = [];
      chance = undefined;
    },
    /** How many requests the queue still hits. */
    left: (): number => queue.reduce((sum, { left }) => sum + left, 0),
    /** The fault that hits this request, counted as used. */
    take(target: Target): Fault | undefined {
      const hit = queue.find(({ fault }) => fits(fault, target));
      if (hit) {
        hit.left -= 1;
        if (hit.left === 0) queue = queue.filter((entry) => entry !== hit);
        return hit.fault;
      }
      if (chance === undefined) return undefined;
      // Both numbers are drawn for every request, so that the run of them depends on the seed alone.
      const [whether, which] = [chance.next(), chance.next()];
      const { percent, kinds, ms } = chance.options;
      const kind = kinds[Math.floor(which * kinds.length)];
      if (whether * 100 >= percent || kind === undefined) return undefined;
      const fault = Fault.parse({ kind, ms });
      return fits(fault, target) ? fault : undefined;
    },
  };
}

function fits(fault: Fault, { method, path, lookUp }: Target): boolean {
  if (fault.kind === 'reconcile_unavailable' && !lookUp) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  return fault.path === undefined || path.startsWith(fault.path);
}

/** Numbers from 0 to below 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
