/** Whether somebody may be answered once more: whoever knocks on must not make the bot talk, or run into Telegram's limits. */
export type AnswerQuota = (who: number) => boolean;

const quietMs = 60 * 60 * 1_000;
// People that are remembered; the oldest are forgotten first.
const maxRemembered = 1_000;

/**
 * @param answers for each person, within an hour
 * @param now milliseconds
 */
export function createAnswerQuota({ answers, now }: { answers: number; now: () => number }): AnswerQuota {
  const given = new Map<number, number[]>();
  return (who) => {
    const recent = (given.get(who) ?? []).filter((at) => now() - at < quietMs);
    if (recent.length >= answers) return false;
    given.delete(who);
    given.set(who, [...recent, now()]);
    const [oldest] = given.keys();
    if (given.size > maxRemembered && oldest !== undefined) given.delete(oldest);
    return true;
  };
}
