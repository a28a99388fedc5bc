import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

describe('packages of lock files', () => {
  const note = (packages: object[], project = 'shop', ecosystem = 'npm') =>
    call<Array<Record<string, unknown>>>(
      'note_reviewed_packages($1, $2, $3)',
      project,
      ecosystem,
      JSON.stringify(packages),
    );
  const known = (found: Array<Record<string, unknown>>) =>
    found.map(({ name, version, facts }) => [name, version, facts]);

  it('are known by name, with what was known first, which is only added to', async () => {
    const left = (version: string, facts: object) => ({ name: 'left-pad', version, facts });
    expect(
      await note([left('1.0.0', { license: 'MIT', age: null }), left('1.0.0', { license: 'BSD' })]),
    ).toEqual([]);
    await note([{ name: 'other', version: '1.0.0', facts: {} }]);
    await note([left('9.0.0', {})], 'blog');
    await note([left('8.0.0', {})], 'shop', 'pypi');
    expect(known(await note([left('2.0.0', {})]))).toEqual([
      ['left-pad', '1.0.0', expect.objectContaining({ license: expect.any(String) })],
    ]);
    await note([left('1.0.0', { license: 'GPL', age: 3 })]);
    const facts = Object.fromEntries(
      known(await note([left('1.0.0', {})])).map(([, version, of]) => [String(version), of]),
    ) as Record<string, Record<string, unknown>>;
    expect(Object.keys(facts).toSorted()).toEqual(['1.0.0', '2.0.0']);
    expect(facts['1.0.0']).toMatchObject({ age: 3 });
    expect(['MIT', 'BSD']).toContain(facts['1.0.0']?.['license']);
  });
});
