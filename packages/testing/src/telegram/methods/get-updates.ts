import { integerParam, jsonParam, type Params } from '../api/params.ts';
import type { UpdateQueue } from '../state/update-queue.ts';
import type { Method } from './method.ts';

// Telegram lets nobody wait longer, whatever they ask for.
const longestPollSeconds = 50;

export const getUpdates: Method = ({ poller, updates }, params, signal) => {
  rememberAllowedUpdates(params, updates);
  return poller.poll({
    offset: integerParam(params, 'offset') ?? 0,
    limit: clamp(integerParam(params, 'limit') ?? 100, 1, 100),
    timeoutMs: clamp(integerParam(params, 'timeout') ?? 0, 0, longestPollSeconds) * 1000,
    signal,
  });
};

/** The list stays in force until a later call names another; an empty one resets it. */
export function rememberAllowedUpdates(params: Params, updates: UpdateQueue): void {
  const types = jsonParam(params, 'allowed_updates', 'allowed updates');
  if (Array.isArray(types)) updates.setAllowed(types.map(String));
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
