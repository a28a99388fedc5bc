import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedNames } from '../packages/shared/src/generated-secrets.ts';
import { isSecretSetting } from '../packages/shared/src/secret-values.ts';
import { settingGroups } from '../packages/shared/src/settings-reference.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/keys.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| key |'));
const keyOf = (row: string) => /^\| `([A-Z][A-Z0-9_]+)`/.exec(row)?.[1];
const keys = rows.flatMap((row) => keyOf(row) ?? []);

const settingNames = settingGroups.flatMap(({ settings }) => Object.keys(settings));
// A folder of secrets is none.
const isSecret = (name: string) => isSecretSetting(name) && !name.endsWith('_DIR');

describe('docs/keys.md', () => {
  it.each([...new Set([...settingNames, ...generatedNames])].filter(isSecret))(
    '[SEC-020] says what %s is good for, who has it, how it is replaced and what its leak means',
    (name) => {
      expect(keys, `docs/keys.md needs a row for ${name}`).toContain(name);
    },
  );

  it('[SEC-020] leaves no column empty', () => {
    for (const row of rows) {
      const cells = row.split('|').slice(1, -1);
      expect(cells, row).toHaveLength(5);
      for (const cell of cells) expect(cell.trim(), row).not.toBe('');
    }
  });

  it('has no row for what is no setting any more, and one for each', () => {
    const known = new Set([...settingNames, ...generatedNames, 'DATABASE_APP_KEY']);
    expect(keys.filter((key) => !known.has(key))).toEqual([]);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});
