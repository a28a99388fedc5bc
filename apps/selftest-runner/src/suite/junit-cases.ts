import type { Tag } from 'sax';

/** A test that failed, as the report names it. */
interface JunitFailure {
  /** Attributes of the `<testcase>`; empty where the report has none. */
  classname: string;
  name: string;
  file: string;
  message: string;
  details: string;
}

export type TestOutcome = 'passed' | 'failed' | 'skipped';

/** A test case by its names and how it went. */
interface JunitCase {
  classname: string;
  name: string;
  file: string;
  outcome: TestOutcome;
}

/** What a report says, counted from its test cases; its own sums are not believed. */
export interface JunitReport {
  total: number;
  passed: number;
  failed: number;
  skipped: number;
  /** The first ones, up to the cap; `failed` counts all. */
  failures: JunitFailure[];
  /** The first ones, up to the cap; empty when that is 0. */
  cases: JunitCase[];
}

export interface JunitCaps {
  failures: number;
  cases: number;
  /** UTF-16 units of each text. */
  name: number;
  message: number;
  details: number;
}

/** Takes the elements of a report in the order in which they stand there. */
export interface JunitCases {
  open(tag: Tag): void;
  text(text: string): void;
  close(name: string): void;
  report(): JunitReport;
}

/** The report is no JUnit report, or contradicts itself. The message says what is wrong with it. */
export class JunitError extends Error {
  override readonly name = 'JunitError';
}

interface OpenCase {
  depth: number;
  failure: JunitFailure;
  failed: boolean;
  skipped: boolean;
}

// Deeper than any runner nests its suites: a guard against files made to exhaust us.
const maxDepth = 100;
// Some dialects say it in an attribute only (gtest, older xUnit writers).
const failedWords = new Set(['failed', 'failure', 'fail', 'error']);
const skippedWords = new Set(['skipped', 'notrun', 'disabled', 'suppressed', 'ignored']);

/** Counts test cases and keeps the failed ones, in bounded memory. */
export function createJunitCases(caps: JunitCaps): JunitCases {
  const failures: JunitFailure[] = [];
  const cases: JunitCase[] = [];
  let [total, failed, skipped, claimed, depth] = [0, 0, 0, 0, 0];
  let rootSeen = false;
  let current: OpenCase | null = null;
  /** The depth of the `<failure>` or `<error>` whose text is being read. */
  let capturing: number | null = null;

  function begin(tag: Tag): OpenCase {
    const { classname = '', name = '', file = '', status = '', result = '' } = tag.attributes;
    const words = [status.toLowerCase(), result.toLowerCase()];
    return {
      depth,
      failure: {
        classname: classname.slice(0, caps.name),
        name: name.slice(0, caps.name),
        file: file.slice(0, caps.name),
        message: '',
        details: '',
      },
      failed: words.some((word) => failedWords.has(word)),
      skipped: words.some((word) => skippedWords.has(word)),
    };
  }

  function end(finished: OpenCase): void {
    total += 1;
    if (finished.failed) {
      failed += 1;
      // A copy, because a piece of a string keeps the whole of it in memory.
      if (failures.length < caps.failures) failures.push(structuredClone(finished.failure));
    } else if (finished.skipped) skipped += 1;
    if (cases.length >= caps.cases) return;
    const { classname, name, file } = finished.failure;
    const outcome = finished.failed ? 'failed' : finished.skipped ? 'skipped' : 'passed';
    cases.push(structuredClone({ classname, name, file, outcome }));
  }

  function fault(tag: Tag): void {
    // One that stands in no test case (a suite that could not be set up) counts as a failed test of that name.
    current ??= { ...begin(tag), depth, failed: true };
    current.failed = true;
    current.failure.message ||= (tag.attributes['message'] ?? tag.attributes['type'] ?? '').slice(
      0,
      caps.message,
    );
    capturing = depth;
  }

  return {
    open(tag) {
      depth += 1;
      if (depth > maxDepth) throw new JunitError(`is nested deeper than ${maxDepth} elements`);
      if (depth === 1) {
        if (rootSeen) throw new JunitError('has more than one root element');
        if (tag.name !== 'testsuites' && tag.name !== 'testsuite') {
          throw new JunitError('is not a JUnit report: its root is neither <testsuites> nor <testsuite>');
        }
        rootSeen = true;
      }
      if (tag.name === 'testsuite' || tag.name === 'testsuites') {
        claimed = Math.max(claimed, sumOf(tag));
      } else if (tag.name === 'testcase') {
        if (current) throw new JunitError('has a test case inside of a test case');
        current = begin(tag);
      } else if (tag.name === 'failure' || tag.name === 'error') {
        if (capturing === null && (current === null || depth === current.depth + 1)) fault(tag);
      } else if (tag.name === 'skipped' && current && depth === current.depth + 1) {
        current.skipped = true;
      }
    },
    text(text) {
      if (capturing === null || !current) return;
      const room = caps.details - current.failure.details.length;
      if (room > 0) current.failure.details += text.slice(0, room);
    },
    close() {
      if (capturing === depth) capturing = null;
      if (current?.depth === depth) {
        end(current);
        current = null;
      }
      depth -= 1;
    },
    report() {
      if (total === 0) throw new JunitError('names no test: nothing was tested');
      if (skipped === total) throw new JunitError(`skipped each of its ${total} tests: nothing was tested`);
      if (failed === 0 && claimed > 0) {
        throw new JunitError(`counts ${claimed} failed tests and shows none of them`);
      }
      return { total, passed: total - failed - skipped, failed, skipped, failures, cases };
    },
  };
}

function sumOf(tag: Tag): number {
  const failures = Number(tag.attributes['failures'] ?? 0);
  const errors = Number(tag.attributes['errors'] ?? 0);
  return (failures > 0 ? failures : 0) + (errors > 0 ? errors : 0);
}
