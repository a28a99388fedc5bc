export interface ResponseParameters {
  /** Seconds that a limited bot must wait. */
  retry_after?: number;
  /** The supergroup that a group has become. */
  migrate_to_chat_id?: number;
}

/** A refusal as the Bot API answers it: the HTTP status is the code. */
export class BotApiError extends Error {
  override readonly name = 'BotApiError';
  readonly code: number;
  readonly parameters: ResponseParameters | undefined;

  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

/** 400 in Telegram's wording, which clients show as it is. */
export function badRequest(description: string): BotApiError {
  return new BotApiError(400, `Bad Request: ${description}`);
}

/** 429, for any method: the caller may come again after `seconds`. */
export function tooManyRequests(seconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${seconds}`, {
    retry_after: seconds,
  });
}
