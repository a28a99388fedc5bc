import { fail, off, ok, type Check } from './finding.ts';

/** Every setting that cannot be used, each by its name and rule; a value is never shown. Undefined: .env cannot be read. */
export const settingsCheck = (problems: ReadonlyArray<{ key: string; rule: string }> | undefined): Check => ({
  name: 'settings',
  look: async () =>
    problems === undefined
      ? off('settings', 'cannot be judged before .env can be read', 'Correct .env first')
      : problems.length === 0
        ? ok('settings', 'all can be used')
        : problems.map(({ key, rule }) =>
            fail(`setting ${key}`, rule, 'Correct it in .env or in the environment, then start again'),
          ),
});
