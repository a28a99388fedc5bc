import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileName, readRows } from '../evaluate/rows.ts';
import { normalise } from '../text/normalise.ts';
import { fit } from './fit.ts';

// npm run train [-- folder]: fits the model to a data folder and writes its weights. Exit code 0 also without data.
const root = resolve(import.meta.dirname, '../../../..');
const folder = resolve(process.cwd(), process.argv[2] ?? join(root, '../shared/data'));
const rows = await readRows(folder);
if (rows === undefined) {
  process.stdout.write(`There is no ${fileName} in ${folder}: the weights stay as they are.\n`);
} else {
  const examples = rows
    // By id and not by place: the same rows give the same weights, whatever their order.
    .toSorted((a, b) => Number(a.id > b.id) - Number(a.id < b.id))
    .map(({ text, label }) => ({ text: normalise(text).text, suspicious: label === 'injection' }));
  const { values, scale, bias } = fit(examples);
  const file = join(import.meta.dirname, '../model/weights.ts');
  await writeFile(
    file,
    `/** Written by \`npm run train\`: one signed byte for each place, in Base64. */
export const packed = {
  scale: ${scale},
  bias: ${bias},
  values:
    '${Buffer.from(values).toString('base64')}',
};
`,
  );
  process.stdout.write(`Fitted to ${rows.length} texts; written to ${file}\n`);
}
