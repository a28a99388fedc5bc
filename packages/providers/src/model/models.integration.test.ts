import { startGemini, type Gemini } from '@actp/testing/gemini/server';
import { startGroq, type Groq } from '@actp/testing/groq/server';
import type { Asked, Said } from '@actp/testing/language-model/asked';
import type { FaultInput } from '@actp/testing/outside/faults';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ModelError } from './model-error.ts';
import { createModels, type ModelLimits } from './models.ts';
import { parseModelPrices } from './prices.ts';

const prices = parseModelPrices(
  `date: 2026-06-04
models:
  groq:g1: { input_usd_per_million: 100, output_usd_per_million: 200, cached_usd_per_million: 50 }
  gemini:m1: { input_usd_per_million: 1000, output_usd_per_million: 2000 }`,
  'prices',
);
const usage = { input: 1_000, output: 100 };
// 1,000 x 0.01 + 100 x 0.02 cents, and ten times as much.
const [groqCents, geminiCents] = [12, 120];
const Colour = z.strictObject({ colour: z.enum(['red', 'blue']) });

let groq: Groq;
let gemini: Gemini;
beforeEach(async () => {
  [groq, gemini] = await Promise.all([
    startGroq({ model: () => ({ text: '{"colour":"red"}', usage }) }),
    startGemini({ model: () => ({ text: '{"colour":"blue"}', usage }) }),
  ]);
});
afterEach(() => Promise.all([groq.stop(), gemini.stop()]));

interface Keys {
  groq?: string | undefined;
  gemini?: string | undefined;
}
const models = (limits: Partial<ModelLimits> = {}, keys: Keys = { groq: groq.key, gemini: gemini.key }) =>
  createModels(
    {
      GROQ_API_KEY: keys.groq,
      GROQ_BASE_URL: groq.baseUrl,
      GROQ_MODEL: 'g1',
      GEMINI_API_KEY: keys.gemini,
      GEMINI_BASE_URL: gemini.baseUrl,
      GEMINI_MODEL: 'm1',
    },
    prices,
    { shortestWaitMs: 1, ...limits },
  );
const patient = (keys?: Keys) => models({ attemptMs: 200_000, totalMs: 200_000 }, keys);
const asked = () => [groq.log.requests.length, gemini.log.requests.length];
const question = { system: 'Name a colour.', prompt: 'the sky', maxOutputTokens: 50 };
const signal = () => new AbortController().signal;
const colour = (made = models()) => made.object({ ...question, schema: Colour, signal: signal() });
const errorOf = async (answer: Promise<unknown>): Promise<ModelError> => {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ModelError)) throw new Error('no ModelError', { cause: error });
  return error;
};

describe('[TASK-002] language models', () => {
  it('asks Groq first, in the form that the schema says', async () => {
    const seen: Asked[] = [];
    groq.use((one) => {
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
    gemini.use(() => ({ text: '{"colour":"blue"}', usage: { ...usage, reasoning: 50 } }));
    expect(await colour(models({}, { gemini: gemini.key }))).toEqual({
      value: { colour: 'blue' },
      model: 'gemini:m1',
      tokens: { input: 1_000, cached: 0, output: 150 },
      costMinor: geminiCents + 10,
    });
    expect(gemini.log.requests[0]?.headers['x-goog-api-key']).toBe(gemini.key);
  });

  it('gives text', async () => {
    groq.use(() => 'It is blue.');
    const answer = await models().text({ ...question, signal: signal() });
    expect(answer).toMatchObject({ value: 'It is blue.', model: 'groq:g1' });
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
    expect(JSON.stringify(groq.log.requests[0]?.body)).not.toContain(secret);
    expect(JSON.stringify(groq.log.requests[0]?.body)).toContain('[redacted:');
  });

  it('has an unknown cost for a model without a price', async () => {
    const unpriced = parseModelPrices('date: 2026-06-04\nmodels: {}', 'prices');
    const env = { GROQ_API_KEY: groq.key, GROQ_BASE_URL: groq.baseUrl, GROQ_MODEL: 'g1' };
    const made = createModels({ ...env, GEMINI_BASE_URL: gemini.baseUrl, GEMINI_MODEL: 'm1' }, unpriced);
    expect((await colour(made)).costMinor).toBe('unknown');
  });

  it('counts at most what can have been spent when the answer does not say', async () => {
    groq.use(() => ({ text: '{"colour":"red"}', usage: 'none' }));
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
    if ('kind' in wrong) groq.faults.add(wrong);
    else groq.use(() => ({ usage, ...wrong }));
    const answer = await colour(patient());
    expect(answer).toMatchObject({ value: { colour: 'blue' }, model: 'gemini:m1' });
    expect(asked()).toEqual([times, 1]);
    expect(groq.wasFollowed()).toBe(false);
  });

  it('and never answers, Gemini does', async () => {
    groq.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    // On a slow machine the first limits may be too short for Gemini as well.
    for (let attemptMs = 100; ; attemptMs *= 4) {
      groq.log.clear();
      const answer = await colour(models({ attemptMs, totalMs: 200_000 })).catch(() => undefined);
      if (answer === undefined && attemptMs < 60_000) continue;
      expect(answer).toMatchObject({ model: 'gemini:m1' });
      expect(groq.log.requests).toHaveLength(1);
      break;
    }
  });

  it('that passes, it answers the second time', async () => {
    groq.faults.add({ kind: '5xx_before_effect' });
    expect(await colour()).toMatchObject({ model: 'groq:g1' });
    expect(asked()).toEqual([2, 0]);
  });

  it('counts the tokens of an attempt that failed', async () => {
    groq.use(() => ({ text: '{"colour":"green"}', usage }));
    expect(await colour()).toMatchObject({
      tokens: { input: 3_000, cached: 0, output: 300 },
      costMinor: 2 * groqCents + geminiCents,
    });
  });

  it('repeats once in total, whoever is asked', async () => {
    groq.faults.add({ kind: '5xx_before_effect', times: 'always' });
    gemini.faults.add({ kind: '5xx_before_effect', times: 'always' });
    const error = await errorOf(colour());
    expect(error).toMatchObject({ kind: 'unavailable', costMinor: 0 });
    expect(error.message).toBe(
      'No language model has answered: Groq has a fault (503); Gemini has a fault (503).',
    );
    expect(asked()).toEqual([2, 1]);
  });
});

const onlyGemini: [string, FaultInput | Said, number, string][] = [
  ['a cut connection', { kind: 'accept_then_timeout', ms: 0, times: 'always' }, 2, 'unavailable'],
  ['an answer that is cut off', { kind: 'reset_mid_body', times: 'always' }, 2, 'unreadable'],
  ['truncated JSON', { kind: 'truncated_json', times: 'always' }, 2, 'unreadable'],
  ['HTML', { kind: 'wrong_content_type', times: 'always' }, 2, 'unreadable'],
  ['a huge body', { kind: 'huge_body', times: 'always' }, 2, 'unreadable'],
  ['a gzip bomb', { kind: 'gzip_bomb', times: 'always' }, 2, 'unreadable'],
  ['a redirect', { kind: 'redirect_to_private_address', times: 'always' }, 1, 'unreadable'],
  ['a fault of the service', { kind: '5xx_before_effect', times: 'always' }, 2, 'unavailable'],
  ['200 without candidates', { kind: '200_with_error_body', times: 'always' }, 1, 'refused'],
  ['a short wait', { kind: '429', retryAfterSeconds: 0, times: 'always' }, 2, 'limited'],
  ['no word how long to wait', { kind: '429', wait: 'none', times: 'always' }, 2, 'limited'],
  ['a long wait, told in the body', { kind: '429', retryAfterSeconds: 31, times: 'always' }, 1, 'limited'],
  ['a used up day', { kind: 'quota_day', times: 'always' }, 1, 'limited'],
  ['used up credit', { kind: 'quota_month', times: 'always' }, 1, 'limited'],
  ['a request that is refused', { error: 'invalid_argument' }, 1, 'refused'],
  ['a country without access', { error: 'failed_precondition' }, 1, 'refused'],
  ['a wrong key', { error: 'invalid_api_key' }, 1, 'not_configured'],
  ['no permission', { error: 'permission_denied' }, 1, 'refused'],
  ['an unknown model', { error: 'model_not_found' }, 1, 'refused'],
  ['an overloaded model', { error: 'unavailable' }, 2, 'unavailable'],
  ['a deadline', { error: 'deadline_exceeded' }, 2, 'unavailable'],
  ['a blocked prompt', { blocked: 'SAFETY' }, 1, 'refused'],
  ['a stop for safety', { finishReason: 'SAFETY' }, 1, 'refused'],
  ['a stop for recitation', { finishReason: 'RECITATION' }, 1, 'refused'],
  ['a forbidden word', { finishReason: 'BLOCKLIST' }, 1, 'refused'],
  ['a malformed call', { finishReason: 'MALFORMED_FUNCTION_CALL' }, 2, 'unreadable'],
  ['an answer that is too long', { text: '{"col', finishReason: 'MAX_TOKENS' }, 1, 'unreadable'],
  [
    'an answer that wants to be continued',
    { raw: { candidates: [{ finishReason: 'CONTINUATION', continuationToken: 'x' }] } },
    2,
    'unreadable',
  ],
  ['an answer of another form', { text: '{"colour":"green"}' }, 2, 'unreadable'],
  ['no JSON', { text: 'blue' }, 2, 'unreadable'],
  ['a body of another form', { raw: { hello: 'world' } }, 2, 'unreadable'],
  ['an empty list of candidates', { raw: { candidates: [] } }, 2, 'unreadable'],
];

describe('[TASK-002] when the last model goes wrong', () => {
  it.each(onlyGemini)('with %s, an error says so', async (_, wrong, times, kind) => {
    if ('kind' in wrong) gemini.faults.add(wrong);
    else gemini.use(() => ({ usage, ...wrong }));
    const error = await errorOf(colour(patient({ gemini: gemini.key })));
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(/^No language model has answered: Gemini [^:]+\.$/);
    expect(error.message).not.toContain('127.0.0.1');
    expect(error.message).not.toContain(gemini.key);
    expect(asked()).toEqual([0, times]);
    expect(gemini.wasFollowed()).toBe(false);
  });

  it('says what a blocked prompt has cost', async () => {
    gemini.use(() => ({ blocked: 'OTHER', usage: { input: 40, output: 0 } }));
    const error = await errorOf(colour(models({}, { gemini: gemini.key })));
    expect(error).toMatchObject({ tokens: { input: 40, cached: 0, output: 0 }, costMinor: 4 });
  });

  it('says how long it wants to be left alone', async () => {
    gemini.faults.add({ kind: '429', retryAfterSeconds: 31 });
    const error = await errorOf(colour(models({}, { gemini: gemini.key })));
    expect(error.retryAfterMs).toBe(31_000);
  });

  it('waits as long as the body says before it asks again', async () => {
    gemini.faults.add({ kind: '429', retryAfterSeconds: 0.05 });
    expect(await colour(models({}, { gemini: gemini.key }))).toMatchObject({ model: 'gemini:m1' });
    expect(asked()).toEqual([0, 2]);
  });

  it('cannot be reached', async () => {
    await gemini.goAway();
    const error = await errorOf(colour(models({}, { gemini: gemini.key })));
    expect(error.message).toBe('No language model has answered: Gemini cannot be reached.');
  });

  it('is over when the time of all attempts is over', async () => {
    groq.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    const error = await errorOf(colour(models({ totalMs: 200 })));
    expect(error.message).toBe('No language model has answered: Groq did not answer in time.');
    expect(asked()[1]).toBe(0);
  });

  it('is over when the task is stopped', async () => {
    const stop = new AbortController();
    groq.use(() => {
      stop.abort();
      return '{"colour":"red"}';
    });
    groq.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    const error = await errorOf(models().object({ ...question, schema: Colour, signal: stop.signal }));
    expect(error.kind).toBe('unavailable');
    expect(asked()).toEqual([1, 0]);
  });
});
