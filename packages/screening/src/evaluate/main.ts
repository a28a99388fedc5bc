import { join, resolve } from 'node:path';
import process from 'node:process';
import { report, type Verdicts } from './report.ts';
import { fileName, readRows, type Row } from './rows.ts';
import { foldsOf } from './folds.ts';
import { guess, type Weights } from '../model/model.ts';
import { screen } from '../screen.ts';
import { normalise } from '../text/normalise.ts';
import { fit } from '../train/fit.ts';

/*
 * npm run evaluate -- injection [folder]. The rules are judged on every row; the model on rows that it was not fitted to, nor to a
 * variant of them. Exit code 0, also without data; 2 when the rows cannot be read.
 */
const folds = 10;
const flag = 0.5;
const root = resolve(import.meta.dirname, '../../../..');
const folder = resolve(process.cwd(), process.argv[2] ?? join(root, '../shared/data'));
const write = (line: string) => process.stdout.write(`${line}\n`);

try {
  const rows = await readRows(folder);
  if (rows === undefined) write(`There is no ${fileName} in ${folder}: nothing was evaluated.`);
  else for (const line of report(rows, verdicts(rows))) write(line);
} catch (error) {
  process.stderr.write(`${folder}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

function verdicts(rows: readonly Row[]): Verdicts {
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
