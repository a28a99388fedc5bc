import type { Params } from '../api/params.ts';
import type { Signal } from './signal.ts';

export interface ApiCall {
  /** The method as the caller wrote it. */
  method: string;
  params: Params;
  /** Milliseconds, by the server's clock. */
  started_at: number;
  /** HTTP status, or `reset`, `hang`, `gone` (the caller left); undefined while it runs. */
  outcome?: number | 'reset' | 'hang' | 'gone';
}

// Enough for a long trial; older calls are forgotten.
const keptCalls = 50_000;

/** Every Bot API call with what became of it, for questions such as "how often, and when". */
export function createCallLog(deps: { clock: () => number; changed: Signal }) {
  const calls: ApiCall[] = [];
  return {
    start(method: string, params: Params): ApiCall {
      const call: ApiCall = { method, params, started_at: deps.clock() };
      calls.push(call);
      if (calls.length > keptCalls) calls.shift();
      deps.changed.emit();
      return call;
    },
    end(call: ApiCall, outcome: NonNullable<ApiCall['outcome']>): void {
      call.outcome = outcome;
      deps.changed.emit();
    },
    list: (method?: string): readonly ApiCall[] =>
      method === undefined
        ? calls
        : calls.filter((call) => call.method.toLowerCase() === method.toLowerCase()),
  };
}
