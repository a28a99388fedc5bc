/** How a scope is written, with an example to copy. */
export const scopeHelp = [
  'A scope is written',
  '  all',
  '  agent:<id>',
  '  action:<name or glob>',
  'before the reason: /stop action:email.* wrong letters go out',
].join('\n');

const shownOfWord = 60;

/** The question when a word stands where a scope would. It says first what is so: nothing is stopped. */
export function unclearStopText(word: string, reason: string): string {
  const shown = word.slice(0, shownOfWord).toWellFormed();
  return [
    '⚠️ Nothing is stopped yet.',
    `Is “${shown}” the reason, or is it what to stop? Stop everything?`,
    `Reason: ${reason}`,
    'In doubt stop everything: that includes it, and /resume lifts it again.',
    '',
    scopeHelp,
    '',
    'Each button works for two minutes, and only for you.',
  ].join('\n');
}
