import type { Said } from '@actp/testing/language-model/asked';
import type { FaultInput } from '@actp/testing/outside/faults';
import { describe, expect, it } from 'vitest';
import { Colour, errorOf, question, usage, useTwoModels } from './models.fixture.ts';

const both = useTwoModels();
const { models, patient, asked, colour } = both;

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
    if ('kind' in wrong) both.gemini.faults.add(wrong);
    else both.gemini.use(() => ({ usage, ...wrong }));
    const error = await errorOf(colour(patient({ gemini: both.gemini.key })));
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(/^No language model has answered: Gemini [^:]+\.$/);
    expect(error.message).not.toContain('127.0.0.1');
    expect(error.message).not.toContain(both.gemini.key);
    expect(asked()).toEqual([0, times]);
    expect(both.gemini.wasFollowed()).toBe(false);
  });

  it('says what a blocked prompt has cost', async () => {
    both.gemini.use(() => ({ blocked: 'OTHER', usage: { input: 40, output: 0 } }));
    const error = await errorOf(colour(models({}, { gemini: both.gemini.key })));
    expect(error).toMatchObject({ tokens: { input: 40, cached: 0, output: 0 }, costMinor: 4 });
  });

  it('says how long it wants to be left alone', async () => {
    both.gemini.faults.add({ kind: '429', retryAfterSeconds: 31 });
    const error = await errorOf(colour(models({}, { gemini: both.gemini.key })));
    expect(error.retryAfterMs).toBe(31_000);
  });

  it('waits as long as the body says before it asks again', async () => {
    both.gemini.faults.add({ kind: '429', retryAfterSeconds: 0.05 });
    expect(await colour(models({}, { gemini: both.gemini.key }))).toMatchObject({ model: 'gemini:m1' });
    expect(asked()).toEqual([0, 2]);
  });

  it('cannot be reached', async () => {
    await both.gemini.goAway();
    const error = await errorOf(colour(models({}, { gemini: both.gemini.key })));
    expect(error.message).toBe('No language model has answered: Gemini cannot be reached.');
  });

  it('is over when the time of all attempts is over', async () => {
    both.groq.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    const error = await errorOf(colour(models({ totalMs: 200 })));
    expect(error.message).toBe('No language model has answered: Groq did not answer in time.');
    expect(asked()[1]).toBe(0);
  });

  it('is over when the task is stopped', async () => {
    const stop = new AbortController();
    both.groq.use(() => {
      stop.abort();
      return '{"colour":"red"}';
    });
    both.groq.faults.add({ kind: 'accept_then_timeout', times: 'always' });
    const error = await errorOf(models().object({ ...question, schema: Colour, signal: stop.signal }));
    expect(error.kind).toBe('unavailable');
    expect(asked()).toEqual([1, 0]);
  });
});
