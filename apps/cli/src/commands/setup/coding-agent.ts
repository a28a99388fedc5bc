import { lookAtCodingAgent } from '@actp/services/doctor/coding-agent';
import { askSetting } from './ask-setting.ts';
import type { Conversation } from './conversation.ts';
import type { Draft } from './draft.ts';

/** Where failing tests are handed to, tried at once. */
export async function setUpCodingAgent(talk: Conversation, draft: Draft): Promise<void> {
  talk.say(
    'Coding agent: a service that repairs failing tests (docs/self-heal.md). Without one they are reported.',
  );
  const known = draft.get('ACD_URL') !== undefined;
  if (!(await talk.confirm(known ? 'Change the coding agent?' : 'Set up a coding agent?', false))) return;
  const before = [draft.get('ACD_URL') ?? null, draft.get('ACD_TOKEN') ?? null] as const;
  await askSetting(talk, draft, {
    name: 'ACD_URL',
    question: 'Its address, for instance http://127.0.0.1:3434',
  });
  const url = draft.get('ACD_URL');
  if (url === undefined) return;
  await askSetting(talk, draft, {
    name: 'ACD_TOKEN',
    question: 'Its token, when it wants one',
    secret: true,
  });
  const found = await lookAtCodingAgent({
    url: url.replace(/\/+$/, ''),
    token: draft.get('ACD_TOKEN'),
    configured: true,
  });
  talk.say(`  ${found.state === 'ok' ? 'It' : `${found.state}:`} ${found.detail}.`);
  if (found.state === 'ok' || (await talk.confirm('Keep it all the same?', false))) return;
  draft.set('ACD_URL', before[0]);
  draft.set('ACD_TOKEN', before[1]);
}
