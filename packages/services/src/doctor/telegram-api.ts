import { z } from 'zod';
import { errorCodeSuffix } from '../stores/store-problem.ts';

const Answer = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  error_code: z.int().optional(),
  description: z.string().optional(),
});

/** What Telegram said to one call. */
export type TelegramAnswer =
  | { is: 'done'; result: unknown; date: string | null }
  | { is: 'refused'; code: number; description: string; date: string | null }
  /** No answer, or none of Telegram's. `how` is the system's code in brackets, or empty. */
  | { is: 'unreachable'; how: string };

export interface TelegramTarget {
  token: string;
  /** Without a slash at its end. */
  apiRoot: string;
}

export type TelegramCall = (
  method: string,
  params?: object,
  options?: { signal?: AbortSignal; withinMs?: number },
) => Promise<TelegramAnswer>;

const answerMs = 5_000;

/** Calls of the Bot API that are made once, each with an end. The token is a part of every address, so no error of the network goes on. */
export function createTelegramCall({ token, apiRoot }: TelegramTarget): TelegramCall {
  return async (method, params = {}, { signal, withinMs = answerMs } = {}) => {
    const late = AbortSignal.timeout(withinMs);
    try {
      const response = await fetch(`${apiRoot}/bot${token}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(params),
        redirect: 'manual',
        signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      });
      const date = response.headers.get('date');
      const answer = Answer.safeParse(await response.json().catch(() => undefined));
      if (!answer.success) return { is: 'unreachable', how: ` (status ${response.status})` };
      const { ok, result, error_code: code = response.status, description = '' } = answer.data;
      return ok ? { is: 'done', result, date } : { is: 'refused', code, description, date };
    } catch (error) {
      return { is: 'unreachable', how: errorCodeSuffix(error) };
    }
  };
}
