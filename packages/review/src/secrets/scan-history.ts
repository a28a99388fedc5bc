import { join } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { couldNotLook, lookedExcept } from '../findings/source-review.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { gitList, startGit } from './git.ts';
import { secretIn } from './observe.ts';
import { isScanned } from './paths.ts';
import { createFileScanner } from './scan-tree.ts';
import { createSecretScanner } from './scan-text.ts';

const source = 'secrets-history';
// The whole history of a repository of some thousand commits has less.
const maxBytes = 2 * 1024 * 1024 * 1024;
const withinMs = 10 * 60_000;
const longestLine = 1024 * 1024;

/** Secrets that some commit has added, also when a later one has taken them out. */
export const secretsInHistory: Source<ProjectState> = {
  name: source,
  withoutLockFiles: true,
  applies: ({ rules }) => rules.secrets.history,
  async review({ root, env, signal }) {
    const inside = await gitList(['rev-parse', '--is-inside-work-tree'], root, env, signal);
    if (inside === undefined)
      return couldNotLook(source, 'it is in no git repository, or git is not installed');
    const until = AbortSignal.timeout(withinMs);
    const reader = createDiffReader();
    const { output, ended, kill } = startGit(
      [
        'log',
        '--all',
        '--patch',
        '--unified=0',
        '--no-color',
        '--no-ext-diff',
        '--no-textconv',
        '--no-renames',
        '--format=commit %H',
        '--',
        '.',
      ],
      root,
      env,
      AbortSignal.any([signal, until]),
    );
    let bytes = 0;
    let reason: string | undefined;
    try {
      for await (const chunk of output as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        reader.push(chunk.toString('latin1'));
        if (bytes <= maxBytes) continue;
        reason = 'the history is longer than what is read';
        kill();
        break;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!until.aborted) throw error;
    }
    if (until.aborted) reason = 'the history could not be read in time';
    const code = await ended;
    const observations = await withoutPresent(root, reader.end());
    if (reason === undefined && code !== 0) reason = 'git could not read the history';
    return lookedExcept(source, observations, reason === undefined ? [] : [reason]);
  },
};

// What still stands in the working tree is found there.
async function withoutPresent(root: string, observations: readonly Observation[]): Promise<Observation[]> {
  const scan = createFileScanner();
  const present = new Set<string>();
  for (const path of new Set(observations.flatMap((seen) => seen.path ?? []))) {
    for (const secret of (await scan(join(root, path))) ?? []) present.add(keyOf(secretIn(path, secret)));
  }
  return observations.filter((seen) => !present.has(keyOf(seen)));
}

const keyOf = ({ about }: Observation) => JSON.stringify(about);

/** Reads the output of `git log --patch`: what was added, file by file. */
function createDiffReader(): { push(text: string): void; end(): Observation[] } {
  const found = new Map<string, Observation>();
  const scanner = createSecretScanner();
  let rest = '';
  let commit = '';
  let path = '';
  let inHunk = false;
  const finishFile = () => {
    for (const secret of scanner.end()) {
      const seen = secretIn(path, secret, commit);
      // The log begins with the newest: the last one that is seen has added it.
      found.set(keyOf(seen), seen);
    }
  };
  const takeLine = (line: string) => {
    if (inHunk && line.startsWith('+')) {
      if (path !== '') scanner.push(`${line.slice(1)}\n`);
    } else if (line.startsWith('commit ')) {
      finishFile();
      [commit, path, inHunk] = [line.slice('commit '.length), '', false];
    } else if (line.startsWith('diff --git ')) {
      finishFile();
      [path, inHunk] = ['', false];
    } else if (!inHunk && line.startsWith('+++ ')) {
      const name = Buffer.from(line.slice('+++ '.length), 'latin1')
        .toString('utf8')
        .replace(/^b\//, '')
        .replace(/\t$/, '');
      path = name === '/dev/null' || !isScanned(name) ? '' : name;
    } else if (line.startsWith('@@ ')) inHunk = true;
  };
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) takeLine(line);
      if (rest.length <= longestLine) return;
      takeLine(rest);
      // What follows is of the same line.
      rest = rest.startsWith('+') ? '+' : ' ';
    },
    end() {
      takeLine(rest);
      finishFile();
      return [...found.values()];
    },
  };
}
