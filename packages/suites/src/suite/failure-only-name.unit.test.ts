import { describe, expect, it } from 'vitest';
import { isFailureOnlyName } from './failure-only-name.ts';

describe('a name that only a failure has, so that no passing test is looked for', () => {
  it.each([
    'vitest unhandled errors.Uncaught Exception: late',
    'till "before each" hook for "opens"',
    'till "before all" hook',
    'till "after each" hook for "opens"',
    'till "after all" hook: close',
    'shop/stock.[build failed]',
    'shop/stock [setup failed]',
    'shop.TillTest.initializationError',
    'initializationError',
    'shop.TillTest.executionError',
    'TillTest classMethod',
    'Test suite failed to run',
    'Test execution failed',
    'Test suite failed to run: no such module',
    '(a test without a name)',
    'shop.TillTest.',
  ])('is %s', (test) => {
    expect(isFailureOnlyName(test)).toBe(true);
  });

  it.each([
    ['words in front', 'logs vitest unhandled errors.late'],
    ['another end of the first word', 'vitest unhandled errorsx'],
    ['no quotes', 'till before each hook for "opens"'],
    ['another kind of hook', 'till "before some" hook'],
    ['a longer word', 'till "before each" hooks'],
    ['more behind a build', 'shop.[build failed] is shown'],
    ['no brackets', 'says build failed'],
    ['a longer word in front', 'shop.myinitializationError'],
    ['a longer word behind', 'shop.classMethods'],
    ['a word in the middle', 'says Test suite failed to run'],
    ['a word that goes on', 'Test suite failed to runs'],
    ['a name that begins like one without', '(a test without a name) runs'],
    ['a name that ends like one without', 'is (a test without a name)'],
    ['dots at the end', 'waits ...'],
    ['a dot alone', '.'],
    ['an ordinary test', 'shop.TillTest.pays'],
  ])('is not one with %s', (_what, test) => {
    expect(isFailureOnlyName(test)).toBe(false);
  });
});
