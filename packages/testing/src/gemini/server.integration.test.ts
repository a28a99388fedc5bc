import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../outside/faults.ts';
import { geminiErrors } from './errors.ts';
import { startGemini, type Gemini } from './server.ts';

let gemini: Gemini;
beforeEach(async () => {
  gemini = await startGemini({ model: ({ prompt }) => `You said: ${prompt}` });
});
afterEach(() => gemini.stop());

const generate = (body: object = {}, key = gemini.key) =>
  fetch(`${gemini.baseUrl}/models/m1:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': key },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'hello' }] }], ...body }),
  });

describe('[NEXT-005] the stand-in for Gemini', () => {
  it('answers as generateContent does, with usage', async () => {
    expect(await (await generate()).json()).toMatchObject({
      candidates: [
        { content: { role: 'model', parts: [{ text: 'You said: hello' }] }, finishReason: 'STOP' },
      ],
      usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 4, totalTokenCount: 6 },
      modelVersion: 'm1',
    });
  });

  it.each(['responseSchema', 'responseJsonSchema'])('takes a schema as %s', async (name) => {
    const seen: unknown[] = [];
    gemini.use((asked) => {
      seen.push(asked);
      return '{}';
    });
    const schema = { type: 'object' };
    await generate({
      systemInstruction: { parts: [{ text: 'be brief' }] },
      generationConfig: { responseMimeType: 'application/json', [name]: schema, maxOutputTokens: 7 },
    });
    expect(seen).toEqual([{ model: 'm1', system: 'be brief', prompt: 'hello', maxTokens: 7, schema }]);
  });

  it('answers a blocked prompt with 200 and no candidates', async () => {
    gemini.use(() => ({ blocked: 'SAFETY' }));
    const response = await generate();
    const answer = await response.json();
    expect(response.status).toBe(200);
    expect(answer).toMatchObject({ promptFeedback: { blockReason: 'SAFETY' } });
    expect(answer).not.toHaveProperty('candidates');
  });

  it('stops for safety with an empty content', async () => {
    gemini.use(() => ({ finishReason: 'SAFETY' }));
    expect(await (await generate()).json()).toMatchObject({
      candidates: [{ content: {}, finishReason: 'SAFETY' }],
    });
  });

  it('refuses another key with 400, and a request without contents', async () => {
    const response = await generate({}, 'other');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { details: [{ reason: 'API_KEY_INVALID' }] } });
    expect((await generate({ contents: [] })).status).toBe(400);
  });

  it.each(Object.entries(geminiErrors))('answers %s on request', async (error, { status }) => {
    gemini.use(() => ({ error }));
    const response = await generate();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: status, status: expect.any(String) } });
  });

  it.each<[FaultInput, number, RegExp]>([
    [{ kind: '429', retryAfterSeconds: 31 }, 429, /PerMinute.*"retryDelay":"31s"/],
    [{ kind: '429', wait: 'none' }, 429, /PerMinute/],
    [{ kind: 'quota_day' }, 429, /PerDay/],
    [{ kind: 'quota_month' }, 402, /credit/],
    [{ kind: '200_with_error_body' }, 200, /blockReason/],
    [{ kind: '5xx_before_effect' }, 503, /overloaded/],
  ])('words the fault %j as Gemini does, without a header', async (fault, status, words) => {
    gemini.faults.add(fault);
    const response = await generate();
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, null]);
    expect(await response.text()).toMatch(words);
  });
});
