import { badRequest } from '../api/api-error.ts';
import type { Signal } from './signal.ts';

/** What the person who pressed gets to see. */
export interface CallbackAnswer {
  text: string | undefined;
  show_alert: boolean;
  url: string | undefined;
}

interface OpenQuery {
  pressedAt: number;
  answers: CallbackAnswer[];
}

/**
 * Presses of buttons that wait for an answer.
 *
 * @param deps.answerWithinMs how long Telegram's clients wait; a later answer is refused
 */
export function createCallbackQueries(deps: {
  clock: () => number;
  changed: Signal;
  answerWithinMs: number;
}) {
  const queries = new Map<string, OpenQuery>();
  // Telegram's ids are long numbers as text; one that starts high is not mistaken for another id.
  let lastId = 4_380_000_000_000_000_000n;

  return {
    open(): string {
      lastId += 1n;
      queries.set(String(lastId), { pressedAt: deps.clock(), answers: [] });
      return String(lastId);
    },
    /** @throws BotApiError 400 for an id that was never given out, and for a press that is too old */
    answer(id: string, answer: CallbackAnswer): void {
      const query = queries.get(id);
      if (!query || deps.clock() - query.pressedAt > deps.answerWithinMs) {
        const what = 'query is too old and response timeout expired or query ID is invalid';
        throw badRequest(what);
      }
      query.answers.push(answer);
      deps.changed.emit();
    },
    /** The answer that was shown: the first one. */
    answerTo: (id: string): CallbackAnswer | undefined => queries.get(id)?.answers[0],
  };
}
