import { z } from 'zod';

const ApiAnswer = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  error_code: z.number().optional(),
  description: z.string().optional(),
  parameters: z
    .object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() })
    .optional(),
});
export type ApiAnswer = z.infer<typeof ApiAnswer>;

/**
 * A bare Bot API client: no retries, nothing hidden.
 *
 * @returns `call(method, params)`, which sends JSON and gives the answer as it came, also a refusal
 */
export function createBotClient(server: { url: string; token: string }) {
  return async (
    method: string,
    params: object = {},
    signal: AbortSignal = AbortSignal.timeout(20_000),
  ): Promise<ApiAnswer> => {
    const response = await fetch(`${server.url}/bot${server.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
      signal,
    });
    return ApiAnswer.parse(await response.json());
  };
}

const Sent = z.object({ message_id: z.number(), text: z.string().optional() });

/** The id of the message that a call sent; throws when the call was refused. */
export function sentId(answer: ApiAnswer): number {
  return Sent.parse(answer.result).message_id;
}

const Updates = z.array(z.looseObject({ update_id: z.number() }));

/** The ids of the updates that a poll gave; throws when the poll was refused. */
export function updateIds(answer: ApiAnswer): number[] {
  return Updates.parse(answer.result).map(({ update_id }) => update_id);
}
