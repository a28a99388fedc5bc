import type { Tag } from 'sax';
import { boundedName } from './bounded-name.ts';

/** A test that failed, as the report names it. */
interface JunitFailure {
  /** Attributes of the `<testcase>`; empty where the report has none. */
  classname: string;
  name: string;
  file: string;
  message: string;
  details: string;
  /** Whether one of the names was too long and is not the test's own any more. */
  cut: boolean;
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
  /** The first ones, up to the caps; empty when those are 0. */
  cases: JunitCase[];
  /** Tests that failed and passed when their runner itself repeated them, up to the cap; they count as passed. */
  flaky: JunitCase[];
}

export interface JunitCaps {
  failures: number;
  cases: number;
  /** UTF-16 units of all names of the listed cases together. */
  caseText: number;
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
  /** Failed attempts of a test that its runner repeated until it passed. */
  flakyAttempts: number;
}

/** What a `<testsuite>` counts, beside what it shows. */
interface OpenSuite {
  depth: number;
  claimed: number;
  attemptsBefore: number;
}

// Deeper than any runner nests its suites: a guard against files made to exhaust us.
const maxDepth = 100;
// Some dialects say it in an attribute only (gtest, older xUnit writers).
const failedWords = new Set(['failed', 'failure', 'fail', 'error']);
// Maven Surefire, Gradle and cargo-nextest: attempts before one that passed, and (beside a failure) after one that failed.
const flakyElements = new Set(['flakyFailure', 'flakyError']);
const rerunElements = new Set(['rerunFailure', 'rerunError']);
const skippedWords = new Set(['skipped', 'notrun', 'disabled', 'suppressed', 'ignored']);

/** Counts test cases and keeps the failed ones, in bounded memory. */
export function createJunitCases(caps: JunitCaps): JunitCases {
  const failures: JunitFailure[] = [];
  const cases: JunitCase[] = [];
  const flaky: JunitCase[] = [];
  const suites: OpenSuite[] = [];
  let [total, failed, skipped, flakyAttempts, unshown, depth, caseText] = [0, 0, 0, 0, 0, 0, 0];
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
        classname: boundedName(classname, caps.name),
        name: boundedName(name, caps.name),
        file: boundedName(file, caps.name),
        message: '',
        details: '',
        cut: [classname, name, file].some((text) => text.length > caps.name),
      },
      failed: words.some((word) => failedWords.has(word)),
      skipped: words.some((word) => skippedWords.has(word)),
      flakyAttempts: 0,
    };
  }

  function end(finished: OpenCase): void {
    total += 1;
    const { classname, name, file } = finished.failure;
    const outcome = finished.failed ? 'failed' : finished.skipped ? 'skipped' : 'passed';
    if (finished.failed) {
      failed += 1;
      // A copy, because a piece of a string keeps the whole of it in memory.
      if (failures.length < caps.failures) failures.push(structuredClone(finished.failure));
    } else if (finished.skipped) skipped += 1;
    flakyAttempts += finished.flakyAttempts;
    if (outcome === 'passed' && finished.flakyAttempts > 0 && flaky.length < caps.failures) {
      flaky.push(structuredClone({ classname, name, file, outcome }));
    }
    caseText += classname.length + name.length + file.length;
    if (cases.length >= caps.cases || caseText > caps.caseText) return;
    cases.push(structuredClone({ classname, name, file, outcome }));
  }

  function fault(tag: Tag): void {
    // One that stands in no test case (a suite that could not be set up) counts as a failed test of that name.
    current ??= begin(tag);
    current.failed = true;
    current.failure.message ||= (tag.attributes['message'] ?? tag.attributes['type'] ?? '').slice(
      0,
      caps.message,
    );
    capturing = depth;
  }

  function openElement(tag: Tag): void {
    const inCase = current !== null && depth === current.depth + 1;
    if (tag.name === 'testsuite' || tag.name === 'testsuites') {
      suites.push({ depth, claimed: sumOf(tag), attemptsBefore: flakyAttempts });
    } else if (tag.name === 'testcase') {
      if (current) throw new JunitError('has a test case inside of a test case');
      current = begin(tag);
    } else if (tag.name === 'failure' || tag.name === 'error') {
      if (capturing === null && (current === null || inCase)) fault(tag);
    } else if (current && inCase) {
      if (tag.name === 'skipped') current.skipped = true;
      if (flakyElements.has(tag.name)) current.flakyAttempts += 1;
      // Stands beside a failure; alone it still says that no attempt passed.
      if (rerunElements.has(tag.name) && capturing === null) fault(tag);
    }
  }

  // Counts have a meaning of their own in each runner (assertions, attempts). Only that a suite counts failures, the report shows none,
  // and the suite no failed attempts that could be meant, is a contradiction.
  function closeSuite({ claimed, attemptsBefore }: OpenSuite): void {
    unshown = Math.max(unshown, claimed - (flakyAttempts - attemptsBefore));
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
      openElement(tag);
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
      const suite = suites.at(-1);
      if (suite?.depth === depth) {
        suites.pop();
        closeSuite(suite);
      }
      depth -= 1;
    },
    report() {
      if (total === 0) throw new JunitError('names no test: nothing was tested');
      if (skipped === total) throw new JunitError(`skipped each of its ${total} tests: nothing was tested`);
      if (failed === 0 && unshown > 0) {
        throw new JunitError(`counts ${unshown} failed tests and shows none of them`);
      }
      return { total, passed: total - failed - skipped, failed, skipped, failures, cases, flaky };
    },
  };
}

function sumOf(tag: Tag): number {
  const failures = Number(tag.attributes['failures'] ?? 0);
  const errors = Number(tag.attributes['errors'] ?? 0);
  return (failures > 0 ? failures : 0) + (errors > 0 ? errors : 0);
}
