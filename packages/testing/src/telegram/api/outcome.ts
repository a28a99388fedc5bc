import type { Fault } from '../state/faults.ts';
import { BotApiError, type ResponseParameters } from './api-error.ts';

export interface Answer {
  /** Of the HTTP response; text goes out as it is, anything else as JSON. */
  body: unknown;
  status: number;
  headers?: Readonly<Record<string, string>>;
}

/** What becomes of a call: an answer, or a connection that breaks or stays silent. */
export type Outcome = Answer | 'reset' | 'hang';

/** An error in the Bot API's form. */
export function refusal(code: number, description: string, parameters?: ResponseParameters): Answer {
  const body = {
    ok: false,
    error_code: code,
    description,
    ...(parameters === undefined ? {} : { parameters }),
  };
  const retryAfter = parameters?.retry_after;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return { status: code, body, headers };
}

/** The answer to a call that threw. */
export function toRefusal(error: unknown): Answer {
  if (error instanceof BotApiError) return refusal(error.code, error.message, error.parameters);
  const what = error instanceof Error ? error.message : String(error);
  return refusal(500, `Internal Server Error: ${what}`);
}

/** What a fault makes of a call; undefined when its answer stays what it is. */
export function effectOf(fault: Fault): Outcome | undefined {
  switch (fault.effect) {
    case 'error': {
      const { code, description, retry_after, migrate_to_chat_id } = fault;
      const named = {
        ...(retry_after === undefined ? {} : { retry_after }),
        ...(migrate_to_chat_id === undefined ? {} : { migrate_to_chat_id }),
      };
      const parameters = Object.keys(named).length === 0 ? undefined : named;
      return refusal(code, description ?? reasonOf(code, retry_after), parameters);
    }
    case 'garbage':
      return { status: 200, body: fault.body };
    case 'reset':
    case 'hang':
      return fault.effect;
    case 'slow':
      return undefined;
  }
}

function reasonOf(code: number, retryAfter: number | undefined): string {
  if (code === 429) return `Too Many Requests: retry after ${retryAfter ?? 1}`;
  return code >= 500 ? 'Internal Server Error' : 'Bad Request';
}
