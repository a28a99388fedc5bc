import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { approvalFields } from './approval-fields.ts';

const takes = (limits: Partial<Parameters<typeof approvalFields>[0]>, fields: object): boolean =>
  z
    .strictObject(approvalFields({ approvalTtlSeconds: 60, chatIds: [], callbackOrigins: [], ...limits }))
    .safeParse(fields).success;

describe('what an agent may say of an approval', () => {
  it.each([
    ['the chat of the settings', { chatIds: ['-1', '-2'] }, { chat_id: '-2' }, true],
    ['any other chat', { chatIds: ['-1', '-2'] }, { chat_id: '-3' }, false],
    ['any chat where none is set', {}, { chat_id: '-1' }, false],
    ['a part of the name of one', { chatIds: ['-12'] }, { chat_id: '-1' }, false],
    ['no chat where none is set', {}, {}, true],
    ['the longest time', {}, { ttl_seconds: 60 }, true],
    ['a longer one', {}, { ttl_seconds: 61 }, false],
    ['no time', {}, { ttl_seconds: 0 }, false],
    ['half a second', {}, { ttl_seconds: 0.5 }, false],
    ['somebody else’s name', {}, { requested_by: 'the board' }, true],
    ['the name of a person', {}, { requested_by: 'operator:op@example.com' }, false],
    ['the name of the plane', {}, { requested_by: 'Executor' }, false],
    ['a callback where none is taken', {}, { callback_url: 'https://example.com/x' }, false],
    [
      'a callback elsewhere',
      { callbackOrigins: ['https://example.com'] },
      { callback_url: 'https://example.com.evil.example/x' },
      false,
    ],
    ['anything else', {}, { approved: true }, false],
  ])('%s', (_what, limits, fields, expected) => expect(takes(limits, fields)).toBe(expected));
});
