import { z } from 'zod';
import { integerParam, type Params } from '../api/params.ts';

// Which calls it hits, and when.
const target = {
  /** Bot API method in any case; every method when left out. */
  method: z.string().optional(),
  /** Only calls for this chat. */
  chat_id: z.int().optional(),
  /** Only messages with buttons (true) or without (false). */
  buttons: z.boolean().optional(),
  /** How many calls it hits; until cleared when left out. */
  times: z.int().min(1).optional(),
  /** `after`: the call takes effect all the same, only its answer is lost. */
  when: z.enum(['before', 'after']).default('before'),
};

/** What goes wrong, with which calls, and how often. */
export const Fault = z.discriminatedUnion('effect', [
  /** An error as the Bot API answers it; `retry_after` in seconds goes with 429. */
  z.strictObject({
    effect: z.literal('error'),
    ...target,
    code: z.int().min(400).max(599),
    description: z.string().optional(),
    retry_after: z.int().min(0).optional(),
    /** Goes with 400 of a group that has become this supergroup. */
    migrate_to_chat_id: z.int().optional(),
  }),
  /** The connection is cut. */
  z.strictObject({ effect: z.literal('reset'), ...target }),
  /** No answer ever comes. */
  z.strictObject({ effect: z.literal('hang'), ...target }),
  /** The answer comes, but late. */
  z.strictObject({ effect: z.literal('slow'), ...target, ms: z.int().min(1).max(600_000) }),
  /** 200 with a body that is no answer of the Bot API. */
  z.strictObject({
    effect: z.literal('garbage'),
    ...target,
    body: z.string().default('<html>bad gateway</html>'),
  }),
]);
export type Fault = z.infer<typeof Fault>;
export type FaultInput = z.input<typeof Fault>;

/** Faults on request. The first one that fits a call hits it. */
export function createFaults() {
  let faults: Fault[] = [];

  return {
    add(input: FaultInput): void {
      faults.push(Fault.parse(input));
    },
    list: (): readonly Fault[] => faults,
    clear(): void {
      faults = [];
    },
    /** The fault that hits this call, counted as used. */
    take(method: string, params: Params): Fault | undefined {
      const hit = faults.find((fault) => fits(fault, method, params));
      if (hit?.times !== undefined) {
        hit.times -= 1;
        if (hit.times === 0) faults = faults.filter((fault) => fault !== hit);
      }
      return hit;
    },
  };
}

function fits(fault: Fault, method: string, params: Params): boolean {
  if (fault.method !== undefined && fault.method.toLowerCase() !== method.toLowerCase()) {
    return false;
  }
  if (fault.buttons !== undefined && fault.buttons !== (params['reply_markup'] !== undefined)) return false;
  return fault.chat_id === undefined || fault.chat_id === integerParam(params, 'chat_id');
}
