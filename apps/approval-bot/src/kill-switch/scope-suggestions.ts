import { normaliseAction } from '@actp/policy/action-name';
import { readScope } from '@actp/policy/kill-switch';

// As many as a person reads in a hurry.
const suggestedAtMost = 3;

/**
 * The scopes that somebody may have meant who wrote a word instead of a scope: the word as an action when it looks like one, and the
 * actions of the policy that begin like it. A scope that covers nothing known is not suggested: it would look like a stop and be none.
 *
 * @param word what stands where a scope would
 * @param actions names and globs of actions that the policy knows
 */
export function suggestScopes(word: string, actions: readonly string[]): string[] {
  const normal = normaliseAction(word.replaceAll('*', ''));
  const looksLikeAction = /[.*/_-]/.test(word);
  const stem = stemOf(normal ?? '');
  const known = stem === '' ? [] : actions.filter((action) => stemOf(action) === stem);
  const wanted = [...(looksLikeAction ? [word] : []), ...known];
  const scopes = wanted
    .map((action) => readScope(`action:${action}`))
    .flatMap((read) => (read.ok ? [read.scope] : []));
  return [...new Set(scopes)].slice(0, suggestedAtMost);
}

/**
 * Whether a scope of actions may cover one that the policy names. One that does not may still stop something that the policy allows by default;
 * more likely it is mistyped.
 */
export function coversKnown(scope: string, actions: readonly string[]): boolean {
  const form = (name: string) => name.toLowerCase().replaceAll(/[._:/-]+/g, '.');
  const literal = (name: string) => form(name).split('*', 1)[0] ?? '';
  const wanted = form(scope.slice('action:'.length));
  return actions.some((action) =>
    wanted.includes('*') || action.includes('*')
      ? literal(wanted).startsWith(literal(action)) || literal(action).startsWith(literal(wanted))
      : form(action) === wanted,
  );
}

// `email.send`, `emails` and `email.*` are about the same.
function stemOf(action: string): string {
  const [first = ''] = action.toLowerCase().split(/[^a-z\d]+/, 1);
  return first.length > 3 ? first.replace(/s$/, '') : first;
}
