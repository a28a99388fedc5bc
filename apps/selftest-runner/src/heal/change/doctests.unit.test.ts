import { describe, expect, it } from 'vitest';
import { sameDoctests } from './doctests.ts';

const code = (body: string, example = '>>> add(2, 3)\n    5', more = '') =>
  `def add(a, b):\n    """Adds.\n\n    ${example}\n    """\n    return ${body}\n${more}`;

describe('[SEC-008] the doctests of a changed file', () => {
  it('are the same when only the code is another', () => {
    expect(sameDoctests(code('a - b'), code('a + b'))).toBe(true);
    expect(
      sameDoctests(code('a - b'), code('a + b', undefined, 'x = """text"""\n').replaceAll('\n', '\r\n')),
    ).toBe(true);
    expect(sameDoctests('x = 1\n', code('a + b'))).toBe(true);
  });

  it.each([
    ['expects something else', code('a - b', '>>> add(2, 3)\n    -1')],
    ['is skipped', code('a - b', '>>> add(2, 3)  # doctest: +SKIP\n    5')],
    ['is gone', code('a - b', 'Sums.')],
    ['is a comment', code('a - b', 'Sums.', '# >>> add(2, 3)\n# 5\n')],
    ['stands in another text', code('a - b', '>>> 1\n    1', 'x = """\n>>> add(2, 3)\n5\n"""\n')],
  ])('are others when one %s', (_what, after) => {
    expect(sameDoctests(code('a - b'), after)).toBe(false);
  });

  it.each([
    ['at the beginning of a line', 'x = "\n>>> f()\n1"\n', 'x = "\n>>> g()\n1"\n', false],
    ['deep in a line', 'x = "\n      >>> f()\n1"\n', 'x = "\n      >>> g()\n1"\n', false],
    ['with old line ends', 'x = "\r>>> f()\r1"\r', 'x = "\r>>> g()\r1"\r', false],
    ['that is none', 'x = a >>> b\n', 'x = a >>> c\n', true],
  ])('outside of documentation: an example %s', (_what, before, after, same) => {
    expect(sameDoctests(before, after)).toBe(same);
  });
});
