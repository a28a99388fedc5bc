import { expect, it } from 'vitest';
import { readReply } from './reason-of-reply.ts';

it.each([
  ['reject: too expensive', true, 'too expensive'],
  ['/reject too expensive', true, 'too expensive'],
  ['/reject@actp_test_bot\ntoo expensive', true, 'too expensive'],
  ['Rejected - wrong list', true, 'wrong list'],
  ['REJECT', true, ''],
  ['rejecting this would be wrong', false, 'rejecting this would be wrong'],
  ['rejections are rare', false, 'rejections are rare'],
  ['too expensive', false, 'too expensive'],
  ['do not reject', false, 'do not reject'],
  ['approve', false, 'approve'],
])('%j', (text, rejects, reason) => expect(readReply(text)).toEqual({ rejects, reason }));
