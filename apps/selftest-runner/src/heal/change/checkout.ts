import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Git } from './git.ts';

/** Where a suite lives. */
export interface Checkout {
  /** Absolute, without links: the repository, or the suite's directory where there is none. */
  root: string;
  /** The suite's directory relative to the root, with a slash at its end; empty when it is the root. */
  prefix: string;
  /** Null without git, or before the first commit. */
  git: { head: string; branch: string | null } | null;
}

/** @param cwd the suite's directory, absolute */
export async function findCheckout(git: Git, cwd: string): Promise<Checkout> {
  const place = await realpath(cwd);
  const top = (await git.run(place, ['rev-parse', '--show-toplevel']))?.replace(/\n$/, '');
  const root = top === undefined || top === '' ? place : await realpath(top);
  const inner = relative(root, place).split(sep).join('/');
  const head = await headOf(git, root);
  return { root, prefix: inner === '' ? '' : `${inner}/`, git: head };
}

/** Where git keeps what is staged: elsewhere in a linked worktree. */
export async function indexOf(git: Git, root: string): Promise<string> {
  const path = (await git.run(root, ['rev-parse', '--git-path', 'index']))?.replace(/\n$/, '');
  return resolve(root, path === undefined || path === '' ? '.git/index' : path);
}

export async function headOf(git: Git, root: string): Promise<Checkout['git']> {
  const head = (await git.run(root, ['rev-parse', '--verify', 'HEAD^{commit}']))?.trim();
  if (head === undefined || head === '') return null;
  const branch = (await git.run(root, ['symbolic-ref', '-q', 'HEAD']))?.trim();
  return { head, branch: branch === undefined || branch === '' ? null : branch };
}
