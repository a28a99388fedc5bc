import { eachWindow, places, type Window } from '../model/features.ts';
import type { Weights } from '../model/model.ts';

export interface Example {
  text: string;
  suspicious: boolean;
}

const rounds = 30;
const rate = 0.5;
const decay = 1e-4;
// A wrong alarm costs more than a miss: rules find most, and people stop looking at what cries wolf.
const harmlessWeight = 2;
// What few texts have is chance, and stands for nothing in texts of another kind.
const fewest = 6;
const step = 127;

/**
 * Fits a logistic regression (AdaGrad, a fixed order, no chance), then rounds it to a byte a place. The same examples in the
 * same order give the same weights, bit for bit.
 *
 * @param examples folded texts
 */
export function fit(examples: readonly Example[]): Weights {
  const weights = new Float64Array(places);
  const squares = new Float64Array(places).fill(1e-6);
  let bias = 0;
  let biasSquares = 1e-6;
  const windows: Array<[Window, boolean]> = [];
  // A jailbreak shows itself early; further down a suspicious text may say anything.
  for (const { text, suspicious } of examples) {
    let seen = 0;
    eachWindow(text, (window) => {
      seen += 1;
      if (!suspicious || seen <= 2) windows.push([window, suspicious]);
    });
  }
  const seenIn = new Uint32Array(places);
  for (const [window] of windows) for (const place of window.places) seenIn[place] = (seenIn[place] ?? 0) + 1;
  const order = shuffled(windows.length);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of order) {
      const [window, suspicious] = windows[index] ?? [];
      if (!window) continue;
      let sum = bias;
      for (const [i, place] of window.places.entries())
        sum += (weights[place] ?? 0) * (window.values[i] ?? 0);
      const error = 1 / (1 + Math.exp(-sum)) - Number(suspicious);
      const scaled = suspicious === true ? error : error * harmlessWeight;
      for (const [i, place] of window.places.entries()) {
        if ((seenIn[place] ?? 0) < fewest) continue;
        const gradient = scaled * (window.values[i] ?? 0) + decay * (weights[place] ?? 0);
        squares[place] = (squares[place] ?? 0) + gradient * gradient;
        weights[place] = (weights[place] ?? 0) - (rate * gradient) / Math.sqrt(squares[place] ?? 1);
      }
      biasSquares += scaled * scaled;
      bias -= (rate * scaled) / Math.sqrt(biasSquares);
    }
  }
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
  const scale = largest / step;
  return {
    values: Int8Array.from(weights, (weight) => Math.round(weight / scale)),
    scale: Number(scale.toPrecision(6)),
    bias: Number(bias.toPrecision(6)),
  };
}

// A fixed mixture, so that kinds do not come one after the other.
function shuffled(length: number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  let state = 12_345;
  for (let i = length - 1; i > 0; i -= 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[other]] = [order[other] ?? 0, order[i] ?? 0];
  }
  return order;
}
