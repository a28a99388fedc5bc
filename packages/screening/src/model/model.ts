import { eachWindow, places } from './features.ts';

/** A linear model: one byte for each place of the features. */
export interface Weights {
  values: Int8Array;
  scale: number;
  bias: number;
}

export interface Guess {
  /** 0 to 1. */
  probability: number;
  /** How much that says as a finding, 0 to 1. */
  weight: number;
  /** The window it is about, in the folded text. */
  start: number;
  end: number;
}

// Below this it says nothing; what is nearly certain for it is worth a flag by itself.
const doubtful = 0.5;
const most = 0.72;
// A few words are too few to know a text by: there it may only add to what rules have found.
const fewWords = 25;
const mostOfFew = 0.42;

/** The most suspicious window of a folded text; undefined for a text without words. */
export function guess(text: string, { values, scale, bias }: Weights): Guess | undefined {
  if (values.length !== places) throw new RangeError('the weights are of another model');
  let worst: Guess | undefined;
  eachWindow(text, (window) => {
    let sum = 0;
    for (let i = 0; i < window.places.length; i += 1) {
      sum += (values[window.places[i] ?? 0] ?? 0) * (window.values[i] ?? 0);
    }
    const probability = 1 / (1 + Math.exp(-(sum * scale + bias)));
    const certainty = Math.max(0, (probability - doubtful) / (1 - doubtful));
    const weight = certainty * (window.words < fewWords ? mostOfFew : most);
    if (!worst || weight > worst.weight) {
      worst = { probability, weight, start: window.start, end: window.end };
    }
  });
  return worst;
}
