import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../outside/faults.ts';
import { groqErrors } from './errors.ts';
import { startGroq, type Groq } from './server.ts';

let groq: Groq;
beforeEach(async () => {
  groq = await startGroq({ model: ({ prompt }) => `You said: ${prompt}` });
});
afterEach(() => groq.stop());

const complete = (body: object = {}, key = groq.key) =>
  fetch(`${groq.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'm1', messages: [{ role: 'user', content: 'hello' }], ...body }),
  });

describe('[NEXT-005] the stand-in for Groq', () => {
  it('answers as chat completions do, with usage and rate limits', async () => {
    const response = await complete({ max_tokens: 10 });
    expect(response.headers.get('x-ratelimit-reset-tokens')).toBe('577.5ms');
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      model: 'm1',
      choices: [{ message: { role: 'assistant', content: 'You said: hello' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 2, completion_tokens: 4, total_tokens: 6 },
    });
  });

  it('tells the model what it is asked', async () => {
    const seen: unknown[] = [];
    groq.use((asked) => {
      seen.push(asked);
      return { text: '{}', finishReason: 'length', usage: { input: 5, output: 6, cached: 1 } };
    });
    const schema = { type: 'object' };
    await complete({
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      ],
      max_completion_tokens: 7,
      response_format: { type: 'json_schema', json_schema: { name: 'response', schema } },
    });
    expect(seen).toEqual([{ model: 'm1', system: 'be brief', prompt: 'hi', maxTokens: 7, schema }]);
  });

  it('refuses another key, and a request without messages', async () => {
    expect((await complete({}, 'gsk_other')).status).toBe(401);
    expect((await complete({ messages: [] })).status).toBe(400);
  });

  it.each(Object.entries(groqErrors))('answers %s on request', async (error, { status }) => {
    groq.use(() => ({ error }));
    const response = await complete();
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: expect.objectContaining({ message: expect.any(String), type: expect.any(String) }),
    });
  });

  it.each<[FaultInput, number, string | null]>([
    [{ kind: '429', retryAfterSeconds: 5.289 }, 429, '6'],
    [{ kind: '429', wait: 'none' }, 429, null],
    [{ kind: 'quota_day' }, 429, '7200'],
    [{ kind: 'quota_month' }, 403, null],
    [{ kind: '200_with_error_body' }, 200, null],
    [{ kind: '5xx_before_effect', status: 502 }, 502, null],
  ])('words the fault %j as Groq does', async (fault, status, wait) => {
    groq.faults.add(fault);
    const response = await complete();
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, wait]);
    expect(await response.json()).toHaveProperty('error.message');
  });

  it('takes its answers from another process', async () => {
    await fetch(`${groq.url}/_control/answers`, {
      method: 'POST',
      body: JSON.stringify([{ contains: 'weather', text: 'rain' }]),
    });
    const texts = [];
    for (const content of ['the weather', 'hello']) {
      const answer = await (await complete({ messages: [{ role: 'user', content }] })).json();
      texts.push((answer as { choices: { message: { content: string } }[] }).choices[0]?.message.content);
    }
    expect(texts).toEqual(['rain', 'You said: hello']);
  });
});
