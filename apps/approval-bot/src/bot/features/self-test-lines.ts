import type { RecentSelfTest } from '@actp/services/self-test/status';
import { shortTime } from '@actp/services/approvals/card/when';

// As many as leave room for the rest; the message about the run has more.
const failuresAtMost = 10;
const servicesAtMost = 20;
const healedAtMost = 5;
const maxLine = 160;

/** The last self-test: what is down, which tests fail and what became of them; then the ones before it in short. */
export function snapshotLines(snapshots: readonly RecentSelfTest[], timeZone: string): string[] {
  const [newest, ...before] = snapshots;
  if (!newest) return ['No self-test has run yet.'];
  const { services } = newest;
  // What is down must not be cut off by what is up.
  const shown = services.toSorted((a, b) => Number(a.up) - Number(b.up)).slice(0, servicesAtMost);
  const more = services.length - shown.length;
  return [
    `Self-test ${newest.status} (${newest.trigger}, ${shortTime(newest.created_at, timeZone)})`,
    `${newest.tests_passed} of ${newest.tests_total} tests passed`,
    ...failureLines(newest),
    ...healLines(newest),
    `${newest.services_up} of ${newest.services_total} services up`,
    ...shown.map(({ name, up, detail }) => oneLine(up ? `  up    ${name}` : `  DOWN  ${name}: ${detail}`)),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...before.map(
      ({ status, trigger, created_at }) =>
        `earlier: ${status} (${trigger}, ${shortTime(created_at, timeZone)})`,
    ),
  ];
}

function failureLines({ failures }: RecentSelfTest): string[] {
  const more = failures.length - failuresAtMost;
  return [
    ...failures.slice(0, failuresAtMost).map(({ suite, test, message }) => {
      const name = suite === null || suite === undefined ? test : `${suite}: ${test}`;
      const [why = ''] = (message ?? '').split('\n', 1);
      return oneLine(`  FAILED  ${name}${why === '' ? '' : `: ${why}`}`);
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function healLines({ heal }: RecentSelfTest): string[] {
  if (heal === null) return [];
  const { state, suites, reason } = heal;
  const more = suites.length - healedAtMost;
  return [
    oneLine(`  Heal: ${state.replaceAll('_', ' ')}${suites.length === 0 && reason ? `: ${reason}` : ''}`),
    ...suites
      .slice(0, healedAtMost)
      .map((of) =>
        oneLine(`    ${of.suite}: ${of.state.replaceAll('_', ' ')}${of.reason ? `: ${of.reason}` : ''}`),
      ),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return line.length <= maxLine ? line : `${line.slice(0, maxLine).toWellFormed()}…`;
}
