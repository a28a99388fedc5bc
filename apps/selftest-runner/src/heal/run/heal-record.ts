import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SelftestConfig, SuiteConfig } from '@actp/suites/config/selftest-config';
import type { TestFailure, TestResult } from '@actp/suites/suite/run-suite';
import type { Checkout } from '../change/checkout.ts';
import type { Refs } from '../change/refs.ts';
import type { Tree } from '../change/tree.ts';

/** How everything was before the agent began, kept outside of the checkout. */
export interface Before {
  /** As configured then: what the agent writes into the configuration changes nothing. */
  suite: SuiteConfig;
  heal: SelftestConfig['heal'];
  checkout: Checkout;
  tree: Tree;
  /** Of the checkout's repository, and of those within. */
  refs: Refs[];
  failing: TestFailure[];
  /** Known to be flaky: a red one of these is run again. */
  flaky: string[];
  /** Every test of the failing run; null when there is no report to tell them by. */
  tests: TestResult[] | null;
  prompt: string;
}

/** The files of one heal: `source/` with copies, `before.json`, git's index. */
export const healDir = (parent: string, healId: string) => join(parent, healId);
export const sourceDir = (dir: string) => join(dir, 'source');

/** @returns its digest, which stands in the database: whoever can write files cannot change what was before */
export async function writeBefore(dir: string, before: Before): Promise<string> {
  const text = JSON.stringify(before);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(join(dir, 'before.json'), text, { mode: 0o600 });
  return digestOf(text);
}

/** @returns null when it is gone, or is not what was written */
export async function readBefore(dir: string, digest: string | undefined): Promise<Before | null> {
  const text = await readFile(join(dir, 'before.json'), 'utf8').catch(() => null);
  if (text === null || digest === undefined || digestOf(text) !== digest) return null;
  // Our own writing, as its digest has shown.
  return JSON.parse(text) as Before;
}

export async function removeHealDir(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
}

// Of the repositories within as well, each by its place in the list.
const indexFile = (dir: string, at: number) => join(dir, at === 0 ? 'index' : `index-${at}`);

/**
 * Keeps what is staged; nothing happens where there is no index.
 *
 * @param at 0 is the checkout's own repository
 */
export async function backUpIndex(dir: string, gitIndex: string, at = 0): Promise<void> {
  await copyFile(gitIndex, indexFile(dir, at)).catch(() => undefined);
}

export async function restoreIndex(dir: string, gitIndex: string, at = 0): Promise<void> {
  await copyFile(indexFile(dir, at), gitIndex).catch(() => undefined);
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
