import { describe, expect, it } from 'vitest';
import { ActpUnavailable } from './errors.ts';
import { readApproval, readDecision, readGrant } from './parse-response.ts';

const id = '0b7f2a52-6a3c-4c0e-9d6b-0f1d2c3b4a59';
const approval = { id, status: 'pending', outcome: null, redeemed_at: null, lapsed_at: null };
const decision = { effect: 'allow', rule: 'gate:post.*' };

describe('an approval in an answer', () => {
  it.each([
    ...['pending', 'approved', 'rejected', 'expired', 'cancelled'].map((status) => ({ status })),
    ...[null, 'succeeded', 'failed', 'unknown'].map((outcome) => ({ outcome })),
    { redeemed_at: '2026-11-26T00:00:00Z', lapsed_at: '2026-11-26T00:00:00Z' },
    { something_new: 1 },
  ])('is one with %j', (fields) => {
    expect(readApproval({ ...approval, ...fields }, id)).toEqual({ ...approval, ...fields });
  });

  it('is the one that was asked for, however its id was written', () => {
    expect(readApproval(approval, id.toUpperCase())).toEqual(approval);
    expect(readApproval(approval)).toEqual(approval);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', [approval]],
    ['another one', { ...approval, id: '1b7f2a52-6a3c-4c0e-9d6b-0f1d2c3b4a59' }],
    ['one without an id', { ...approval, id: undefined }],
    ['a state that nobody knows', { ...approval, status: 'granted' }],
    ['an outcome that nobody knows', { ...approval, outcome: 'done' }],
    ['no outcome', { ...approval, outcome: undefined }],
    ['a redemption that is no time', { ...approval, redeemed_at: false }],
    ['no word of a redemption', { ...approval, redeemed_at: undefined }],
    ['a lapse that is no time', { ...approval, lapsed_at: 1 }],
  ])('is none when it is %s', (_what, answer) => {
    expect(() => readApproval(answer, id)).toThrow(ActpUnavailable);
    expect(() => readApproval(answer, id)).toThrow('the response is not an approval');
  });
});

describe('a decision in an answer', () => {
  it.each<[object, object]>([
    [{}, {}],
    [{ effect: 'deny' }, { effect: 'deny' }],
    [
      { effect: 'require_approval', approval },
      { effect: 'require_approval', approval },
    ],
    // Of no use beside an allow, and not looked at.
    [{ approval: 'x' }, {}],
    [{ grant_id: 'g' }, { grantId: 'g' }],
    [{ repeated: true }, { repeated: { outcome: null } }],
    [{ repeated: true, outcome: null }, { repeated: { outcome: null } }],
    [{ repeated: true, outcome: 'succeeded' }, { repeated: { outcome: 'succeeded' } }],
    [{ repeated: true, outcome: 'failed' }, { repeated: { outcome: 'failed' } }],
    [{ outcome: 'failed' }, {}],
    [
      { reasons: [{ code: 'a', detail: 'b', more: 1 }, 'x', null] },
      { reasons: [{ code: 'a', detail: 'b' }] },
    ],
    [{ reasons: { code: 'a' } }, {}],
  ])('with %j is %j', (fields, read) => {
    const plain = { effect: 'allow', rule: 'gate:post.*', reasons: [], grantId: undefined };
    expect(readDecision({ ...decision, ...fields })).toEqual({
      ...plain,
      repeated: undefined,
      approval: undefined,
      ...read,
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'allow'],
    ['an effect that nobody knows', { ...decision, effect: 'allowed' }],
    ['no effect', { ...decision, effect: undefined }],
    ['no rule', { effect: 'allow' }],
    ['a grant that is no text', { ...decision, grant_id: 1 }],
    ['a grant that is null', { ...decision, grant_id: null }],
    ['a repetition that is not true', { ...decision, repeated: 'yes' }],
    ['a repetition that is false', { ...decision, repeated: false }],
    ['an outcome that nobody knows', { ...decision, repeated: true, outcome: 'unknown' }],
  ])('is none when it is %s', (_what, answer) => {
    expect(() => readDecision(answer)).toThrow(ActpUnavailable);
    expect(() => readDecision(answer)).toThrow('the response is not a decision');
  });

  it('for which a person is needed has an approval', () => {
    expect(() => readDecision({ ...decision, effect: 'require_approval' })).toThrow('not an approval');
  });
});

describe('a grant in an answer', () => {
  const grant = { grant_id: 'g', redeemed_at: '2026-11-26T00:00:00Z' };

  it('is what it names, and no more', () => {
    expect(readGrant({ ...grant, more: 1 })).toEqual(grant);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', [grant]],
    ['without an id', { ...grant, grant_id: undefined }],
    ['an id that is no text', { ...grant, grant_id: 1 }],
    ['without a time', { ...grant, redeemed_at: null }],
  ])('is none when it is %s', (_what, answer) => {
    expect(() => readGrant(answer)).toThrow(ActpUnavailable);
    expect(() => readGrant(answer)).toThrow('the response is not a grant');
  });
});
