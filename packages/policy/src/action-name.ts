/**
 * The form in which action names are compared: compatibility characters folded, no case, no space around.
 *
 * @returns undefined when the name has anything but ASCII letters, digits and, between them, `. _ : / -` then: a name that
 *   only looks like another one (homoglyphs, invisible characters, `ads.deploy.`) must not slip past its gate
 */
export function normaliseAction(name: string): string | undefined {
  const folded = name.normalize('NFKC').trim().toLowerCase();
  return /^[a-z0-9](?:[a-z0-9._:/-]{0,126}[a-z0-9])?$/.test(folded) && !folded.includes('..')
    ? folded
    : undefined;
}

/**
 * A normalised name with one kind of separator: `email:send`, `email/send`, `email-send`, `email_send` and `email::send` are
 * `email.send`. Names are compared like this, and counted under it: another spelling of the same words is the same action.
 * `kill_switch_covers` in the database does the same.
 */
export const joinedName = (name: string): string => name.replaceAll(/[._:/-]+/g, '.');

/**
 * Whether a gate's pattern covers an action. `*` stands for any characters, one separator for another, everything else for
 * itself.
 *
 * @param pattern as in the policy, for instance `email.*`
 * @param normal the action, already normalised
 */
export function matchesAction(pattern: string, normal: string): boolean {
  const action = joinedName(normal);
  const parts = joinedName(pattern.toLowerCase()).split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return action === first;
  if (!action.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = action.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return action.length - last.length >= at && action.endsWith(last);
}
