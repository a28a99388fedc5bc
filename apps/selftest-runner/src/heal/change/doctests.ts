const docstring = /("""|''')[\s\S]*?\1/g;
const example = /^\s*>>> /;

/**
 * Whether Python code has the same doctests as before: each documentation string with examples, word for word and in the same
 * order, and each example anywhere else. They are tests that stand in the code that they test.
 */
export function sameDoctests(before: string, after: string): boolean {
  const [was, is] = [doctestsOf(before), doctestsOf(after)];
  // New ones where there were none are somebody's documentation.
  return was.length === 0 || was.join('\0') === is.join('\0');
}

function doctestsOf(code: string): string[] {
  const text = code.replace(/\r\n?/g, '\n');
  const blocks = (text.match(docstring) ?? []).filter((block) => block.includes('>>> '));
  const lines = text.split('\n').filter((line) => example.test(line));
  return [...blocks, ...lines];
}
