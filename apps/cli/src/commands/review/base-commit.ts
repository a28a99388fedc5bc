import { CliError } from '../../cli-error.ts';
import { git } from './git.ts';

const objectId = /^(?:[\da-f]{40}|[\da-f]{64})$/i;
const beginningOfId = /^[\da-f]{7,63}$/i;

/**
 * The commit that a base names. Names are looked up here and not by git, which takes the first of what fits: whoever asks could put a tag in
 * front of the branch that the operator means.
 *
 * @throws CliError for what names no commit, or more than one thing
 */
export async function baseCommit(root: string, base: string): Promise<string> {
  const [, name = '', steps = ''] = /^(.*?)((?:[~^]\d*)*)$/s.exec(base) ?? [];
  const object = await objectOf(root, name);
  if (object === undefined)
    throw new CliError(`git merge-base: ${base} is no branch, tag or commit of the repository.`);
  return (
    await git(root, ['rev-parse', '--verify', '--end-of-options', `${object}${steps}^{commit}`])
  ).trim();
}

async function objectOf(root: string, name: string): Promise<string | undefined> {
  // The id of an object is one, whatever is called like it.
  if (name === 'HEAD' || objectId.test(name)) return name;
  if (name === '') return undefined;
  const candidates = name.startsWith('refs/')
    ? [name]
    : [
        ...['', 'tags/', 'heads/', 'remotes/'].map((kind) => `refs/${kind}${name}`),
        `refs/remotes/${name}/HEAD`,
      ];
  const found: Array<{ ref: string; object: string }> = [];
  for (const ref of candidates) {
    const line = await git(root, ['show-ref', '--verify', '--', ref]).catch(() => '');
    const object = line.split(' ', 1)[0] ?? '';
    if (object !== '') found.push({ ref, object });
  }
  const objects = await objectsThatBegin(root, name);
  if (found.length + objects.length > 1) {
    const all = [...found.map(({ ref }) => ref), ...objects];
    const meant = found.at(-1)?.ref ?? 'the whole id';
    throw new CliError(
      `${name} is ambiguous: ${all.slice(0, 5).join(', ')}\nWrite in full what is meant, for instance ${meant}.`,
    );
  }
  return found[0]?.object ?? objects[0];
}

async function objectsThatBegin(root: string, name: string): Promise<string[]> {
  if (!beginningOfId.test(name)) return [];
  const ids = await git(root, ['rev-parse', `--disambiguate=${name}`]).catch(() => '');
  return ids.split('\n').filter((id) => id !== '');
}
