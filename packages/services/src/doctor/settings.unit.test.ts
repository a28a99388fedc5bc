import { describe, expect, it } from 'vitest';
import { look } from './look.fixture.ts';
import { settingsCheck } from './settings.ts';

describe('settings', () => {
  it('are told one by one, by their names and rules', async () => {
    const problems = [
      { key: 'GATEWAY_PORT', rule: 'must be a whole number from 1 to 65535' },
      { key: 'LOG_LEVEL', rule: 'must be trace' },
    ];
    const remedy = 'Correct it in .env or in the environment, then start again';
    expect(await look(settingsCheck(problems))).toEqual(
      problems.map(({ key, rule }) => ({ name: `setting ${key}`, state: 'fail', detail: rule, remedy })),
    );
    expect(settingsCheck([]).name).toBe('settings');
    expect(await look(settingsCheck([]))).toEqual([
      { name: 'settings', state: 'ok', detail: 'all can be used', remedy: null },
    ]);
    // Nobody knows while .env cannot be read.
    expect(await look(settingsCheck(undefined))).toEqual([
      {
        name: 'settings',
        state: 'off',
        detail: 'cannot be judged before .env can be read',
        remedy: 'Correct .env first',
      },
    ]);
  });
});
