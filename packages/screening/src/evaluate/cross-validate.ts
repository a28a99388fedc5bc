import type { Verdicts } from './report.ts';
import type { Row } from './rows.ts';
import { foldsOf } from './folds.ts';
import { guess, type Weights } from '../model/model.ts';
import { screen } from '../screen.ts';
import { normalise } from '../text/normalise.ts';
import { fit } from '../train/fit.ts';

const folds = 10;
const flag = 0.5;

/** Judges every row: the rules as they are, the model as fitted to other rows than this one and its variants. */
export function crossValidate(rows: readonly Row[]): Verdicts {
  const texts = rows.map(({ text }) => normalise(text).text);
  const fold = foldsOf(
    rows.map(({ text }) => text),
    folds,
  );
  const models: Weights[] = Array.from({ length: folds }, (_, held) =>
    fit(
      rows.flatMap(({ label }, i) =>
        fold[i] === held ? [] : [{ text: texts[i] ?? '', suspicious: label === 'injection' }],
      ),
    ),
  );
  return rows.map((row, i) => {
    const weights = models[fold[i] ?? 0];
    const { weight } = (weights && guess(texts[i] ?? '', weights)) ?? { weight: 0 };
    return {
      rules: screen(row.text, { source: row.source, model: null }).score >= flag,
      model: weight >= flag,
      both: screen(row.text, { source: row.source, ...(weights ? { model: weights } : {}) }).score >= flag,
    };
  });
}
