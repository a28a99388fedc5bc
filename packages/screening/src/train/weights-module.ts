import type { Row } from '../evaluate/rows.ts';
import { normalise } from '../text/normalise.ts';
import { fit } from './fit.ts';

/** Fits the model to rows; the text of `model/weights.ts`. */
export function weightsModule(rows: readonly Row[]): string {
  const examples = rows
    // By id and not by place: the same rows give the same weights, whatever their order.
    .toSorted((a, b) => Number(a.id > b.id) - Number(a.id < b.id))
    .map(({ text, label }) => ({ text: normalise(text).text, suspicious: label === 'injection' }));
  const { values, scale, bias } = fit(examples);
  return `/** Written by \`npm run train\`: one signed byte for each place, in Base64. */
export const packed = {
  scale: ${scale},
  bias: ${bias},
  values:
    '${Buffer.from(values).toString('base64')}',
};
`;
}
