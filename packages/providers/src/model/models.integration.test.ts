import type { Asked, Said } from '@actp/testing/language-model/asked';
import type { FaultInput } from '@actp/testing/outside/faults';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorOf, geminiCents, groqCents, question, signal, usage, useTwoModels } from './models.fixture.ts';
import { createModels } from './models.ts';
import { parseModelPrices } from './prices.ts';

const both = useTwoModels();
const { models, patient, asked, colour } = both;

describe('[TASK-002] language models', () => {
  it('asks Groq first, in the form that the schema says', async () => {
    const seen: Asked[] = [];
    both.groq.use((one) => {
      seen.push(one);
      return { text: '{"colour":"red"}', usage: { ...usage, cached: 500 } };
    });
    expect(await colour()).toEqual({
      value: { colour: 'red' },
      model: 'groq:g1',
      tokens: { input: 1_000, cached: 500, output: 100 },
      costMinor: groqCents - 2.5,
    });
    expect(seen).toMatchObject([
      { model: 'g1', system: expect.stringContaining('Name a colour.'), prompt: 'the sky', maxTokens: 50 },
    ]);
    expect(asked()).toEqual([1, 0]);
  });

  it('asks Gemini when there is no key for Groq, and counts what it thought as output', async () => {
    both.gemini.use(() => ({ text: '{"colour":"blue"}', usage: { ...usage, reasoning: 50 } }));
    expect(await colour(models({}, { gemini: both.gemini.key }))).toEqual({
      value: { colour: 'blue' },
      model: 'gemini:m1',
      tokens: { input: 1_000, cached: 0, output: 150 },
      costMinor: geminiCents + 10,
    });
    expect(both.gemini.log.requests[0]?.headers['x-goog-api-key']).toBe(both.gemini.key);
  });

  it('gives text', async () => {
    both.groq.use(() => 'It is blue.');
    const answer = await models().text({ ...question, signal: signal() });
    expect(answer).toMatchObject({ value: 'It is blue.', model: 'groq:g1' });
  });

  it('transforms an answer once', async () => {
    const schema = z.strictObject({ colour: z.string().transform((word) => `${word}!`) });
    const form = { type: 'object' };
    const answer = await models().object({ ...question, schema, form, signal: signal() });
    expect(answer.value).toEqual({ colour: 'red!' });
  });

  it('says which settings are missing without any key', async () => {
    const error = await errorOf(colour(models({}, {})));
    expect(error).toMatchObject({ kind: 'not_configured', costMinor: 0 });
    expect(error.message).toMatch(/GROQ_API_KEY or GEMINI_API_KEY/);
    expect(models({}, {}).names).toEqual([]);
  });

  it('[POL-003] takes secrets out of what it sends', async () => {
    const secret = `gsk_${'a1B2c3D4'.repeat(6)}aaaa`;
    await models().text({
      ...question,
      system: `key ${secret}`,
      prompt: `my key is ${secret}`,
      signal: signal(),
    });
    expect(JSON.stringify(both.groq.log.requests[0]?.body)).not.toContain(secret);
    expect(JSON.stringify(both.groq.log.requests[0]?.body)).toContain('[redacted:');
  });

  it('has an unknown cost for a model without a price', async () => {
    const unpriced = parseModelPrices('date: 2026-06-04\nmodels: {}', 'prices');
    const env = { GROQ_API_KEY: both.groq.key, GROQ_BASE_URL: both.groq.baseUrl, GROQ_MODEL: 'g1' };
    const made = createModels({ ...env, GEMINI_BASE_URL: both.gemini.baseUrl, GEMINI_MODEL: 'm1' }, unpriced);
    expect((await colour(made)).costMinor).toBe('unknown');
  });

  it('says what a question costs at most, with all attempts', () => {
    const tokens = { input: 1_000, output: 100 };
    expect(models().costAtMost(tokens)).toBe(groqCents + 2 * geminiCents);
    expect(models({}, { groq: 'x' }).costAtMost(tokens)).toBe(2 * groqCents);
    expect(models({}, {}).costAtMost(tokens)).toBe(0);
    const unpriced = parseModelPrices('date: 2026-06-04\nmodels: {}', 'prices');
    const env = {
      GROQ_BASE_URL: both.groq.baseUrl,
      GROQ_MODEL: 'g1',
      GEMINI_BASE_URL: 'x',
      GEMINI_MODEL: 'm1',
    };
    expect(createModels({ ...env, GROQ_API_KEY: 'x' }, unpriced).costAtMost(tokens)).toBe('unknown');
  });

  it('counts at most what can have been spent when the answer does not say', async () => {
    both.groq.use(() => ({ text: '{"colour":"red"}', usage: 'none' }));
    const { tokens, costMinor } = await colour();
    expect(tokens).toEqual({ input: 21, cached: 0, output: 50 });
    expect(costMinor).toBe(0.21 + 1);
  });
});

/** Which service is asked how often when Groq always goes wrong like this, and the answer comes from Gemini. */
const passes: [string, FaultInput | Said, number][] = [
  ['a cut connection', { kind: 'accept_then_timeout', ms: 0, times: 'always' }, 2],
  ['an answer that is cut off', { kind: 'reset_mid_body', times: 'always' }, 2],
  ['truncated JSON', { kind: 'truncated_json', times: 'always' }, 2],
  ['HTML', { kind: 'wrong_content_type', times: 'always' }, 2],
  ['HTML with 503', { kind: 'wrong_content_type', status: 503, times: 'always' }, 2],
  ['HTML with 403', { kind: 'wrong_content_type', status: 403, times: 'always' }, 1],
  ['a huge body', { kind: 'huge_body', times: 'always' }, 2],
  ['a gzip bomb', { kind: 'gzip_bomb', times: 'always' }, 2],
  ['a redirect', { kind: 'redirect_to_private_address', times: 'always' }, 1],
  ['a fault of the service', { kind: '5xx_before_effect', times: 'always' }, 2],
  ['a fault after the work', { kind: '5xx_after_effect', status: 500, times: 'always' }, 2],
  ['200 with an error', { kind: '200_with_error_body', times: 'always' }, 2],
  ['too many requests, a short wait', { kind: '429', retryAfterSeconds: 0, times: 'always' }, 2],
  ['too many requests, no word how long', { kind: '429', wait: 'none', times: 'always' }, 2],
  ['too many requests, a long wait', { kind: '429', retryAfterSeconds: 6, times: 'always' }, 1],
  ['a used up day', { kind: 'quota_day', times: 'always' }, 1],
  ['a used up month', { kind: 'quota_month', times: 'always' }, 1],
  ['a request that is refused', { error: 'invalid_request' }, 1],
  ['a wrong key', { error: 'invalid_api_key' }, 1],
  ['no permission', { error: 'forbidden' }, 1],
  ['an unknown model', { error: 'model_not_found' }, 1],
  ['a prompt that is too large', { error: 'too_large' }, 1],
  ['422', { error: 'unprocessable' }, 1],
  ['424', { error: 'failed_dependency' }, 1],
  ['no capacity', { error: 'capacity_exceeded' }, 2],
  ['text that breaks the schema at the service', { error: 'json_validate_failed' }, 2],
  ['an answer of another form', { text: '{"colour":"green"}' }, 2],
  ['more keys than the form has', { text: '{"colour":"red","admin":true}' }, 2],
  ['no JSON', { text: 'Sure! The colour is red.' }, 2],
  ['nothing', { text: '' }, 2],
  ['an answer that is too long', { text: '{"col', finishReason: 'length' }, 1],
  ['a body of another form', { raw: { hello: 'world' } }, 2],
  ['null', { raw: null }, 2],
  ['a list', { raw: [] }, 2],
];

describe('[TASK-002] when Groq goes wrong', () => {
  it.each(passes)('with %s, Gemini answers', async (_, wrong, times) => {
    if ('kind' in wrong) both.groq.faults.add(wrong);
    else both.groq.use(() => ({ usage, ...wrong }));
    const answer = await colour(patient());
    expect(answer).toMatchObject({ value: { colour: 'blue' }, model: 'gemini:m1' });
    expect(asked()).toEqual([times, 1]);
    expect(both.groq.wasFollowed()).toBe(false);
  });

  it('and never answers, Gemini does', async () => {
    both.groq.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    // On a slow machine the first limits may be too short for Gemini as well.
    for (let attemptMs = 100; ; attemptMs *= 4) {
      both.groq.log.clear();
      const answer = await colour(models({ attemptMs, totalMs: 200_000 })).catch(() => undefined);
      if (answer === undefined && attemptMs < 60_000) continue;
      expect(answer).toMatchObject({ model: 'gemini:m1' });
      expect(both.groq.log.requests).toHaveLength(1);
      break;
    }
  });

  it('that passes, it answers the second time', async () => {
    both.groq.faults.add({ kind: '5xx_before_effect' });
    expect(await colour()).toMatchObject({ model: 'groq:g1' });
    expect(asked()).toEqual([2, 0]);
  });

  it('counts the tokens of an attempt that failed', async () => {
    both.groq.use(() => ({ text: '{"colour":"green"}', usage }));
    expect(await colour()).toMatchObject({
      tokens: { input: 3_000, cached: 0, output: 300 },
      costMinor: 2 * groqCents + geminiCents,
    });
  });

  it('repeats once in total, whoever is asked', async () => {
    both.groq.faults.add({ kind: '5xx_before_effect', times: 'always' });
    both.gemini.faults.add({ kind: '5xx_before_effect', times: 'always' });
    const error = await errorOf(colour());
    expect(error).toMatchObject({ kind: 'unavailable', costMinor: 0 });
    expect(error.message).toBe(
      'No language model has answered: Groq has a fault (503); Gemini has a fault (503).',
    );
    expect(asked()).toEqual([2, 1]);
  });
});
