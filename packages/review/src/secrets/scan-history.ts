import type { Observation } from '../findings/finding.ts';
import { couldNotLook, lookedExcept } from '../findings/source-review.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { fileAt, shownPath, type BytePath } from './byte-path.ts';
import { gitAnswer, type GitPlace } from './git.ts';
import { historyItems, type HistoryItem } from './history-changes.ts';
import { listFiles, type FileList } from './list-files.ts';
import { secretIn, secretInMessage, secretsInFileName, secretsInRefName } from './observe.ts';
import { isEnvFile, isLookedAt } from './paths.ts';
import { scanObjects } from './scan-objects.ts';
import { createFileScanner } from './scan-tree.ts';

const source = 'secrets-history';
const withinMs = 10 * 60_000;

interface Seen {
  /** Where it is in the working tree, if it still is; undefined for messages. */
  path: BytePath | undefined;
  observation: Observation;
}

/**
 * Secrets that some commit has added, also when a later one has taken them out: in files of every branch, tag, note and stash, merges included,
 * whatever attributes they have; in what is staged; in messages and headers of commits and tags; in names
 * of files and refs, and in targets of links.
 */
export const secretsInHistory: Source<ProjectState> = {
  name: source,
  withoutLockFiles: true,
  applies: ({ rules }) => rules.secrets.history,
  async review({ root, env, signal }) {
    const until = AbortSignal.timeout(withinMs);
    const place = { cwd: root, env, signal: AbortSignal.any([signal, until]) };
    const inside = await gitAnswer(['rev-parse', '--git-dir'], place);
    signal.throwIfAborted();
    if (inside === undefined)
      return couldNotLook(source, 'it is in no git repository, or git is not installed');
    const found = new Map<string, Seen>();
    const list = await listFiles(root, place);
    const { reasons } = list;
    try {
      for (const folder of ['', ...list.nested]) {
        const within = { ...place, cwd: fileAt(root, folder).toString('utf8') };
        await scanRepository(within, folder, found, (reason) => reasons.push(reason));
      }
    } catch (error) {
      if (!until.aborted || signal.aborted) throw error;
    }
    signal.throwIfAborted();
    if (until.aborted) reasons.push('the history could not be read in time');
    return lookedExcept(source, await withoutPresent(root, list, [...found.values()]), reasons);
  },
};

async function scanRepository(
  place: GitPlace,
  folder: BytePath,
  found: Map<string, Seen>,
  incomplete: (reason: string) => void,
): Promise<void> {
  // The folder of the project within its repository, or nothing.
  const prefix = (await gitAnswer(['rev-parse', '--show-prefix'], place))?.replace(/\n$/, '');
  if (prefix === undefined) return incomplete('git could not read all of the history');
  const see = (observation: Observation) => found.set(keyOf(observation), { path: undefined, observation });
  const items = historyItems(place, prefix, incomplete, (ref) => secretsInRefName(ref).forEach(see));
  const named = eachSeen(items, (item) => {
    if ('message' in item || item.isNamedByRef) return;
    secretsInFileName(`${folder}${item.path}`, item.place).forEach(see);
  });
  for await (const { item, secret } of scanObjects(named, place, incomplete)) {
    const isMessage = 'message' in item;
    const path = isMessage ? undefined : `${folder}${item.path}`;
    const observation =
      path === undefined || isMessage
        ? secretInMessage(isMessage ? item.message : '', item.object, secret)
        : secretIn(path, secret, item.place);
    // The newest come first: the last one that is seen has added it.
    found.set(keyOf(observation), { path, observation });
  }
}

async function* eachSeen(items: AsyncIterable<HistoryItem>, see: (item: HistoryItem) => void) {
  for await (const item of items) {
    see(item);
    yield item;
  }
}

// What still stands in the working tree is found there.
async function withoutPresent(
  root: string,
  { files, tracked }: FileList,
  all: readonly Seen[],
): Promise<Observation[]> {
  const listed = new Set(files);
  const scan = createFileScanner();
  const present = new Set<string>();
  if (all.some(({ observation }) => observation.about[0] === 'name')) {
    for (const seen of files.flatMap((path) => secretsInFileName(path))) present.add(keyOf(seen));
  }
  for (const path of new Set(all.flatMap((seen) => seen.path ?? []))) {
    const shown = shownPath(path);
    if (!listed.has(path) || isEnvFile(shown) || !isLookedAt(shown, tracked?.has(path) === true)) continue;
    for (const secret of (await scan(fileAt(root, path))) ?? []) present.add(keyOf(secretIn(path, secret)));
  }
  return all.flatMap(({ observation }) => (present.has(keyOf(observation)) ? [] : observation));
}

const keyOf = ({ about }: Observation) => JSON.stringify(about);
