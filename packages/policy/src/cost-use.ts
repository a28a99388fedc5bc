import type { ReadyGate } from './gates.ts';

/** Whether one of these gates reads `cost_usd`, in its condition or its limit. */
export const readsCost = (gates: readonly ReadyGate[]): boolean =>
  gates.some(({ when, limit }) => when?.includes('cost_usd') === true || limit?.field === 'cost_usd');
