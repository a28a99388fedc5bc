import type { BytePath } from './byte-path.ts';
import { gitAnswer, gitList, startGit, type GitPlace } from './git.ts';
import { readIndex } from './list-files.ts';
import { safeName } from './scan-names.ts';

/** Something that the history holds: a content under a name, or a message. No object: one of another repository, or none any more. */
export type HistoryItem =
  | { object: string; path: BytePath; place: string; isNamedByRef?: true }
  | { object: string; message: string };

/**
 * The index first, then tags and commits, the newest first.
 *
 * @param prefix the folder within the repository whose files count
 * @param incomplete is told why that is not all
 * @param seeRef is told the name of each ref
 */
export async function* historyItems(
  place: GitPlace,
  prefix: BytePath,
  incomplete: (reason: string) => void,
  seeRef: (name: BytePath) => void,
): AsyncGenerator<HistoryItem> {
  for (const { mode, object, path } of (await readIndex(place)) ?? []) {
    yield { object: isFile(mode) ? object : '', path, place: 'the index' };
  }
  const refs = await readRefs(place, () => incomplete(unread));
  if (refs === undefined) return incomplete(unread);
  for (const ref of refs) {
    seeRef(ref.name);
    yield* itemsOfRef(ref, place);
  }
  const stashes = refs.some(({ name }) => name === 'refs/stash') ? await stashesOf(place) : [];
  if ((await gitAnswer(['rev-parse', '--is-shallow-repository'], place))?.trim() === 'true') {
    incomplete('the history here is not whole (a shallow clone)');
  }
  for await (const item of itemsOfCommits(stashes, place, incomplete)) {
    if ('message' in item || isNote(item.path)) yield item;
    else if (item.path.startsWith(prefix)) yield { ...item, path: item.path.slice(prefix.length) };
  }
}

const unread = 'git could not read all of the history';

// Notes are kept in files that are named like what they are about.
const isNote = (path: BytePath) => /^(?:[\da-f]{40}|[\da-f]{64})$/.test(path.replaceAll('/', ''));

// Or a symbolic link, whose content is its target.
const isFile = (mode: string) => mode.startsWith('100') || mode === '120000';

interface Ref {
  object: string;
  type: string;
  name: string;
}

async function readRefs(place: GitPlace, warned: () => void): Promise<Ref[] | undefined> {
  const format = '--format=%(objectname) %(objecttype) %(refname)';
  const lines = (await gitAnswer(['for-each-ref', format], place, warned))?.split('\n');
  return lines
    ?.filter((line) => line !== '')
    .map((line) => {
      const [object = '', type = '', ...name] = line.split(' ');
      return { object, type, name: name.join(' ') };
    });
}

const deepestTag = 10;

/** What a ref leads to that is no commit: a tag with its message, and what somebody has tagged that is a file or a folder. */
async function* itemsOfRef(ref: Ref, place: GitPlace): AsyncGenerator<HistoryItem> {
  let { object, type } = ref;
  const shown = ref.name.replace(/^refs\/(?:tags|heads)\//, '');
  for (let depth = 0; type === 'tag' && depth < deepestTag; depth += 1) {
    const text = (await gitAnswer(['cat-file', 'tag', object], place)) ?? '';
    const [, target = '', targetType = '', name = shown] =
      /^object (\w+)\ntype (\w+)\ntag (.*)\n/.exec(text) ?? [];
    yield { object, message: `tag ${safeName(name)}` };
    [object, type] = [target, targetType];
  }
  const where = `the ref ${safeName(ref.name)}`;
  if (type === 'blob') yield { object, path: shown, place: where, isNamedByRef: true };
  if (type !== 'tree') return;
  for (const entry of (await gitList(['ls-tree', '-r', '-z', '--full-tree', object], place)) ?? []) {
    const tab = entry.indexOf('\t');
    const [mode = '', , blob = ''] = entry.slice(0, tab).split(' ');
    yield { object: isFile(mode) ? blob : '', path: entry.slice(tab + 1), place: where };
  }
}

const mostStashes = 1_000;

/** All stashes: only the last one is a ref. */
const stashesOf = async (place: GitPlace): Promise<string[]> =>
  ((await gitAnswer(['rev-list', '-g', `--max-count=${mostStashes}`, 'refs/stash'], place)) ?? '')
    .split('\n')
    .filter((line) => line !== '');

/** Of a merge, what is in none of its parents; of the first commit everything. No setting of a repository changes what these commands say. */
async function* itemsOfCommits(
  stashes: readonly string[],
  place: GitPlace,
  incomplete: (reason: string) => void,
): AsyncGenerator<HistoryItem> {
  const list = startGit(['rev-list', '--all', ...stashes], place);
  list.input.end();
  const options = ['-r', '-c', '--root', '--raw', '-z', '--no-abbrev', '--no-renames'];
  const changes = startGit(['diff-tree', '--stdin', ...options], place);
  const commits: string[] = [];
  try {
    const fed = feed(list.output, changes.input, commits);
    let commit = '';
    let blob: string | undefined;
    for await (const token of tokens(changes.output)) {
      if (token.startsWith(':') && blob === undefined) blob = blobOf(token);
      else if (blob === undefined) commit = token;
      else {
        yield { object: blob, path: token, place: `commit ${commit.slice(0, 12)}` };
        blob = undefined;
      }
      for (const object of commits.splice(0)) yield messageOf(object);
    }
    await fed;
    for (const object of commits) yield messageOf(object);
    for (const { ended, hasWarned } of [list, changes]) {
      if ((await ended) !== 0 || hasWarned()) incomplete(unread);
    }
  } finally {
    list.kill();
    changes.kill();
  }
}

const messageOf = (object: string): HistoryItem => ({ object, message: `commit ${object.slice(0, 12)}` });

/** Hands the names of commits over, and notes them. Never throws: how the list ended says whether it was all. */
async function feed(
  from: AsyncIterable<Buffer>,
  to: NodeJS.WritableStream,
  commits: string[],
): Promise<void> {
  try {
    let rest = '';
    for await (const chunk of from) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      commits.push(...lines);
      to.write(chunk);
    }
  } catch {
    // It was stopped.
  } finally {
    to.end();
  }
}

/** `:100644 100644 100644 <of parent> <of parent> <this> MM`: as many colons as parents. Empty when it is no file. */
function blobOf(entry: string): string {
  const parents = /^:+/.exec(entry)?.[0].length ?? 1;
  const words = entry.slice(parents).split(' ');
  return isFile(words[parents] ?? '') ? (words[2 * parents + 1] ?? '') : '';
}

async function* tokens(output: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of output) {
    const parts = (rest + chunk.toString('latin1')).split('\0');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
