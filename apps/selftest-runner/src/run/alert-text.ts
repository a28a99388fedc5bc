import { firstOf } from '@actp/suites/plain-text';
import type { SandboxUsed } from '@actp/suites/sandbox/isolation';
import type { HealthSnapshot, SnapshotFailure } from './snapshot.ts';

/** Texts for the three cases; the database knows what was told last and decides which of them applies. */
export interface AlertTexts {
  /** When the run is bad; null when nobody needs to know. */
  problem: string | null;
  /** When it is good and the last that people were told is that it is not. */
  recovery: string | null;
  /** When it is good and nobody was told otherwise. */
  note: string | null;
}

// One Telegram message holds 4096 UTF-16 units.
const maxText = 3_800;
const maxShown = 10;
const maxLines = 3;
const maxLine = 160;

/** What people are told about a run (SEC-004): which services are down, which tests failed and how they begin to fail. */
export function alertTexts(snapshot: HealthSnapshot): AlertTexts {
  const { status, trigger } = snapshot;
  const flaky = flakyText(snapshot);
  const notes = notesText(snapshot);
  const open = withoutSandboxText(snapshot);
  const good = `${sums(snapshot)} (${trigger})`;
  return {
    problem: status === 'failed' || status === 'error' ? problemText(snapshot) : null,
    recovery: join(`Self-test passes again: ${good}`, flaky, notes, open),
    // A person who asked for it by hand waits for an answer; a flaky test is worth one, too.
    note:
      trigger === 'telegram' || flaky !== '' ? join(`Self-test passed: ${good}`, flaky, notes, open) : null,
  };
}

const join = (...parts: string[]) => parts.filter((part) => part !== '').join('\n\n');

function flakyText({ flaky }: HealthSnapshot): string {
  return section(
    'Flaky (failed, then passed):',
    flaky.map(({ suite, test }) => `- ${lines(`${suite}: ${test}`, 1)}`),
  );
}

function notesText({ suites }: HealthSnapshot): string {
  return section(
    'Notes:',
    suites.flatMap(({ name, notes = [] }) => notes.map((note) => `- ${lines(`${name}: ${note}`, 1)}`)),
  );
}

const withoutSandbox: Partial<Record<SandboxUsed, string>> = {
  off: 'sandbox: off in the configuration',
  unavailable: 'this system offers none',
};

// Whatever else is said: code under test that can read the plane's keys is never passed over in silence.
function withoutSandboxText({ suites, services }: HealthSnapshot): string {
  const entries = [...services, ...suites].flatMap(({ name, sandbox }) => {
    const why = sandbox === undefined ? undefined : withoutSandbox[sandbox];
    return why === undefined ? [] : [`- ${lines(name, 1)}: ${why}`];
  });
  return section('Ran WITHOUT a sandbox:', entries);
}

function sums({ services_up, services_total, tests_passed, tests_total }: HealthSnapshot): string {
  return `${services_up} of ${services_total} services up, ${tests_passed} of ${tests_total} tests passed`;
}

function problemText(snapshot: HealthSnapshot): string {
  // Where there is no room for everything, what suites printed goes first.
  const full = problemWith(snapshot, maxLines);
  return full.length <= maxText ? full : firstOf(problemWith(snapshot, 0), maxText);
}

function problemWith(snapshot: HealthSnapshot, outputLines: number): string {
  const head = snapshot.status === 'error' ? 'Self-test aborted' : 'Self-test failed';
  const down = snapshot.services.filter((service) => !service.up);
  const failures = snapshot.failures.slice(0, maxShown);
  const more = Math.max(snapshot.failures.length, snapshot.tests_failed) - failures.length;
  const parts = [
    `${head} (${snapshot.trigger}): ${sums(snapshot)}`,
    withoutSandboxText(snapshot),
    section(
      'Down:',
      down.map(({ name, detail }) => `- ${name}: ${lines(detail, 1)}`),
    ),
    section(
      'Failed:',
      failures.map((failure) => failureText(failure, outputLines)),
    ),
    more > 0 && failures.length > 0 ? `... and ${more} more` : '',
    flakyText(snapshot),
    notesText(snapshot),
    `Run ${snapshot.run_id}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function section(title: string, entries: readonly string[]): string {
  if (entries.length === 0) return '';
  const shown = entries.slice(0, maxShown);
  const rest = entries.length - shown.length;
  return [title, ...shown, ...(rest > 0 ? [`- and ${rest} more`] : [])].join('\n');
}

function failureText({ suite, test, message, details }: SnapshotFailure, outputLines: number): string {
  // The suite itself, judged by how its command ended: that says little without what it printed.
  const whole = suite === test;
  const name = suite === null || whole ? test : `${suite}: ${test}`;
  const printed = whole && message !== '' ? lines(details, outputLines, '  > ') : '';
  const said = lines(message === '' ? details : message, maxLines, '  ');
  return [`- ${lines(name, 1)}`, said, printed].filter((part) => part !== '').join('\n');
}

function lines(text: string, max: number, indent = ''): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, max)
    .map((line) => `${indent}${line.length > maxLine ? `${line.slice(0, maxLine).toWellFormed()}...` : line}`)
    .join('\n');
}
