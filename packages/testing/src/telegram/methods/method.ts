import type { Params } from '../api/params.ts';
import type { World } from '../world.ts';

/**
 * One method of the Bot API: takes the parameters of a call, gives its `result`, throws `BotApiError` to refuse.
 * `signal` is aborted when the caller is gone.
 */
export type Method = (world: World, params: Params, signal: AbortSignal) => unknown;
