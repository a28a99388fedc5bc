import { z } from 'zod';
import { tokensOf, unhelpful, type Asked, type Model } from '../language-model/asked.ts';
import { createAnswers } from '../language-model/answers.ts';
import { json, type OutsideReply, type OutsideRequest } from '../outside/route.ts';
import { startOutside } from '../outside/server.ts';
import { geminiErrorReplies, geminiErrors } from './errors.ts';

const Content = z.looseObject({
  role: z.enum(['user', 'model']).optional(),
  parts: z.array(z.looseObject({ text: z.string().optional() })),
});
const Schema = z.record(z.string(), z.unknown());
const Body = z.looseObject({
  contents: z.array(Content).min(1),
  systemInstruction: Content.optional(),
  generationConfig: z
    .looseObject({
      responseMimeType: z.string().optional(),
      // One of the two: the older name is a subset of OpenAPI.
      responseSchema: Schema.optional(),
      responseJsonSchema: Schema.optional(),
      maxOutputTokens: z.int().min(1).optional(),
    })
    .optional(),
});

export interface GeminiOptions {
  /** What the model says; nothing that helps when left out. */
  model?: Model;
  /** The key that is taken. */
  key?: string;
  port?: number;
}

export type Gemini = Awaited<ReturnType<typeof startGemini>>;

/** Gemini's `generateContent` on loopback. `baseUrl` is what `GEMINI_BASE_URL` takes. */
export async function startGemini({ model = unhelpful, key = 'stand-in-key', port }: GeminiOptions = {}) {
  const answers = createAnswers(model);
  let count = 0;

  function generate(request: OutsideRequest): OutsideReply {
    const call = request.params['call'] ?? '';
    const body = Body.safeParse(request.body);
    if (!call.endsWith(':generateContent')) return geminiErrors['model_not_found'] ?? json(404, {});
    if (!body.success) return geminiErrors['invalid_argument'] ?? json(400, {});
    const asked = askedOf(call.slice(0, -':generateContent'.length), body.data);
    const answer = answers.answer(asked);
    count += 1;
    if (answer.raw !== undefined) return json(200, answer.raw);
    if (answer.error !== undefined)
      return geminiErrors[answer.error] ?? json(500, { error: { message: answer.error } });
    const tokens = tokensOf(asked, answer);
    const stopped = answer.finishReason !== undefined && answer.text === undefined;
    return json(200, {
      // A blocked prompt: 200, and no candidates at all.
      ...(answer.blocked === undefined
        ? {
            candidates: [
              {
                content: stopped ? {} : { role: 'model', parts: [{ text: answer.text ?? '' }] },
                finishReason: answer.finishReason ?? 'STOP',
                index: 0,
              },
            ],
          }
        : { promptFeedback: { blockReason: answer.blocked } }),
      ...(tokens && {
        usageMetadata: {
          promptTokenCount: tokens.input,
          ...(answer.blocked === undefined && { candidatesTokenCount: tokens.output }),
          thoughtsTokenCount: tokens.reasoning ?? 0,
          cachedContentTokenCount: tokens.cached ?? 0,
          totalTokenCount: tokens.input + tokens.output + (tokens.reasoning ?? 0),
          promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens.input }],
        },
      }),
      modelVersion: asked.model,
      responseId: `r-${count}`,
    });
  }

  const outside = await startOutside({
    ...(port === undefined ? {} : { port }),
    routes: [{ method: 'POST', path: '/v1beta/models/:call', handle: generate }],
    errorReplies: geminiErrorReplies,
    refuse: ({ headers, query }) =>
      (headers['x-goog-api-key'] ?? query['key']) === key ? undefined : geminiErrors['invalid_api_key'],
    notFound: () => geminiErrors['model_not_found'] ?? json(404, {}),
    controls: { answers: answers.control },
  });
  return { ...outside, baseUrl: `${outside.url}/v1beta`, key, use: answers.use };
}

function askedOf(
  model: string,
  { contents, systemInstruction, generationConfig }: z.infer<typeof Body>,
): Asked {
  const textOf = (content: z.infer<typeof Content>) => content.parts.map(({ text }) => text ?? '').join('');
  return {
    model,
    system: systemInstruction ? textOf(systemInstruction) : '',
    prompt: contents
      .filter(({ role }) => role !== 'model')
      .map(textOf)
      .join('\n'),
    maxTokens: generationConfig?.maxOutputTokens,
    schema:
      generationConfig?.responseJsonSchema ??
      generationConfig?.responseSchema ??
      generationConfig?.responseMimeType === 'application/json',
  };
}
