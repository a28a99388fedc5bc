import { visibleText } from '@actp/shared/visible-text';

// As many as leave the banner on the screen.
const mostShown = 10;
const longestLine = 200;

type Fields = Record<string, unknown>;

/** What is wrong by a snapshot: services that are down, tests that failed with what they say first, a line each. */
export function failureLines(snapshot: Fields): string[] {
  const down = records(snapshot['services'])
    .filter(({ up }) => up === false)
    .map(({ name, detail }) => line(`  DOWN    ${text(name)}`, text(detail)));
  const failures = records(snapshot['failures']);
  const failed = failures
    .slice(0, mostShown)
    .map(({ suite, test, message, details }) =>
      line(`  FAILED  ${nameOf(suite, test)}`, text(message) === '' ? text(details) : text(message)),
    );
  const count = Number(snapshot['tests_failed']);
  const more = Math.max(failures.length, Number.isFinite(count) ? count : 0) - failed.length;
  return [...some(down), ...failed, ...(more > 0 ? [`  ... and ${more} more failed tests`] : [])];
}

function some(lines: string[]): string[] {
  const more = lines.length - mostShown;
  return more > 0 ? [...lines.slice(0, mostShown), `  ... and ${more} more services are down`] : lines;
}

// A suite that is judged by how its command ended has no tests with names.
function nameOf(suite: unknown, test: unknown): string {
  return suite === null || suite === undefined || suite === test
    ? text(test)
    : `${text(suite)}: ${text(test)}`;
}

function line(what: string, why: string): string {
  const first = why.split('\n').find((part) => part.trim() !== '') ?? '';
  const whole = visibleText(`${what}${first === '' ? '' : `: ${first}`}`.replaceAll(/[\r\n\t]+/g, ' '));
  return whole.length > longestLine ? `${whole.slice(0, longestLine - 1).toWellFormed()}…` : whole;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

const records = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.map((one) => ({ ...Object(one) })) : [];
