import { z } from 'zod';
import { tokensOf, unhelpful, type Asked, type Model } from '../language-model/asked.ts';
import { createAnswers } from '../language-model/answers.ts';
import { json, type OutsideReply, type OutsideRequest } from '../outside/route.ts';
import { startOutside } from '../outside/server.ts';
import { groqErrorReplies, groqErrors } from './errors.ts';

const Message = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]),
});
const Body = z.looseObject({
  model: z.string(),
  messages: z.array(Message).min(1),
  // What the official library sends, and what the AI SDK does.
  max_completion_tokens: z.int().min(1).optional(),
  max_tokens: z.int().min(1).optional(),
  response_format: z
    .looseObject({
      type: z.enum(['text', 'json_object', 'json_schema']),
      json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()) }).optional(),
    })
    .optional(),
});

export interface GroqOptions {
  /** What the model says; nothing that helps when left out. */
  model?: Model;
  /** The key that is taken. */
  key?: string;
  port?: number;
}

export type Groq = Awaited<ReturnType<typeof startGroq>>;

/** Groq's chat completions on loopback. `baseUrl` is what `GROQ_BASE_URL` takes. */
export async function startGroq({ model = unhelpful, key = 'gsk_stand_in', port }: GroqOptions = {}) {
  const answers = createAnswers(model);
  let lastModel = 'openai/gpt-oss-120b';
  let count = 0;

  function complete(request: OutsideRequest): OutsideReply {
    const body = Body.safeParse(request.body);
    if (!body.success) return groqErrors['invalid_request'] ?? json(400, {});
    lastModel = body.data.model;
    const asked = askedOf(body.data);
    const answer = answers.answer(asked);
    count += 1;
    if (answer.raw !== undefined) return json(200, answer.raw);
    if (answer.error !== undefined)
      return groqErrors[answer.error] ?? json(500, { error: { message: answer.error } });
    const tokens = tokensOf(asked, answer);
    return json(200, {
      id: `chatcmpl-${count}`,
      object: 'chat.completion',
      created: Math.floor(request.now / 1_000),
      model: asked.model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: answer.text ?? '' },
          logprobs: null,
          finish_reason: answer.finishReason ?? 'stop',
        },
      ],
      ...(tokens && {
        usage: {
          queue_time: 0.01,
          prompt_tokens: tokens.input,
          prompt_time: 0.002,
          completion_tokens: tokens.output,
          completion_time: 0.05,
          total_tokens: tokens.input + tokens.output,
          total_time: 0.052,
          prompt_tokens_details: { cached_tokens: tokens.cached ?? 0 },
          completion_tokens_details: { reasoning_tokens: tokens.reasoning ?? 0 },
        },
      }),
      system_fingerprint: 'fp_stand_in',
      service_tier: 'on_demand',
      x_groq: { id: `req_${count}` },
    });
  }

  const outside = await startOutside({
    ...(port === undefined ? {} : { port }),
    routes: [
      { method: 'POST', path: '/openai/v1/chat/completions', handle: complete },
      {
        method: 'GET',
        path: '/openai/v1/models',
        handle: () =>
          json(200, {
            object: 'list',
            data: [
              { id: lastModel, object: 'model', created: 1_754_000_000, owned_by: 'OpenAI', active: true },
            ],
          }),
      },
    ],
    errorReplies: groqErrorReplies(() => lastModel),
    refuse: ({ headers }) =>
      headers.authorization === `Bearer ${key}` ? undefined : groqErrors['invalid_api_key'],
    // Requests are limited per day, tokens per minute.
    headers: () => ({
      'x-ratelimit-limit-requests': '1000',
      'x-ratelimit-limit-tokens': '8000',
      'x-ratelimit-remaining-requests': String(Math.max(0, 1_000 - count)),
      'x-ratelimit-remaining-tokens': '7500',
      'x-ratelimit-reset-requests': '2m59.56s',
      'x-ratelimit-reset-tokens': '577.5ms',
    }),
    controls: { answers: answers.control },
  });
  return { ...outside, baseUrl: `${outside.url}/openai/v1`, key, use: answers.use };
}

function askedOf({ model, messages, response_format: format, ...body }: z.infer<typeof Body>): Asked {
  const textOf = (role: string) =>
    messages
      .filter((message) => message.role === role)
      .map(({ content }) =>
        typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join(''),
      )
      .join('\n');
  const wantsJson = format !== undefined && format.type !== 'text';
  return {
    model,
    system: textOf('system'),
    prompt: textOf('user'),
    maxTokens: body.max_completion_tokens ?? body.max_tokens,
    schema: format?.json_schema?.schema ?? wantsJson,
  };
}
