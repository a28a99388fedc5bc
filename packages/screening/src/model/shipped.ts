import type { Weights } from './model.ts';
import { packed } from './weights.ts';

/** The weights that the repository has. */
export const shippedWeights: Weights = {
  values: Int8Array.from(atob(packed.values), (byte) => byte.charCodeAt(0)),
  scale: packed.scale,
  bias: packed.bias,
};
