// A program of its own, so that its heap can be limited and nobody else's garbage counts: runs a suite in the directory that is named, and
// prints what came of it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseSelftestConfig } from '../config/read-selftest-config.ts';
import { runSuite } from './run-suite.ts';

const [rootDir = '', suite = ''] = process.argv.slice(2);
const parsed = parseSelftestConfig(JSON.stringify({ suites: [JSON.parse(suite)] }));
const config = parsed.ok ? parsed.config.suites[0] : undefined;
if (config === undefined) throw new Error('the suite of this test is wrong');
const runDir = join(rootDir, '.run');
await mkdir(runDir, { recursive: true });
const signal = new AbortController().signal;
const { status, tests_total, tests_failed, failures } = await runSuite(
  { rootDir, env: process.env },
  config,
  { runDir, signal },
);
process.stdout.write(JSON.stringify({ status, tests_total, tests_failed, failures: failures.length }));
