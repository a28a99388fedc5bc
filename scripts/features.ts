// Keeps prd-013-features.json honest: a feature passes when the test run has tests with its id and all of them passed.
//   node scripts/features.ts REPORT           fails when the file says otherwise than the run
//   node scripts/features.ts REPORT --write   makes the file say what the run showed
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';

interface Feature {
  id: string;
  description: string;
  passes: boolean;
}

interface Report {
  testResults: Array<{ assertionResults: Array<{ fullName: string; status: string }> }>;
}

const file = new URL('../prd-013-features.json', import.meta.url);
const [reportFile, mode] = process.argv.slice(2);
if (reportFile === undefined || (mode !== undefined && mode !== '--write')) {
  process.stderr.write('usage: node scripts/features.ts REPORT [--write]\n');
  process.exit(2);
}

const list = JSON.parse(await readFile(file, 'utf8')) as { prd: string; features: Feature[] };
const report = JSON.parse(await readFile(reportFile, 'utf8')) as Report;

const shown = new Map<string, boolean>();
for (const { assertionResults } of report.testResults) {
  for (const { fullName, status } of assertionResults) {
    for (const [, id = ''] of fullName.matchAll(/\[([A-Z]+-\d{3})\]/g)) {
      shown.set(id, (shown.get(id) ?? true) && status === 'passed');
    }
  }
}

const known = new Set(list.features.map((feature) => feature.id));
const strangers = [...shown.keys()].filter((id) => !known.has(id));
const wrong = list.features.filter(({ id, passes }) => passes !== (shown.get(id) ?? false));

if (mode === '--write') {
  const features = list.features.map((feature) => ({ ...feature, passes: shown.get(feature.id) ?? false }));
  await writeFile(file, `${JSON.stringify({ ...list, features }, null, 2)}\n`);
  process.stdout.write(`${features.filter((f) => f.passes).length} of ${features.length} features pass\n`);
} else {
  for (const { id, passes } of wrong) {
    process.stderr.write(
      `prd-013-features.json says passes: ${passes} for ${id}; the run says ${shown.get(id) ?? 'nothing'}\n`,
    );
  }
  for (const id of strangers) process.stderr.write(`a test names ${id}, which is no feature\n`);
  if (wrong.length + strangers.length > 0) {
    process.stderr.write('To make the file say what the run showed: npm test -- --write-features\n');
    process.exit(1);
  }
}
