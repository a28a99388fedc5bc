import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { askSetting } from './ask-setting.ts';
import { createConversation } from './conversation.ts';
import { createDraft } from './draft.ts';
import { stateLines } from './state-lines.ts';

const password = 'hunter2'.repeat(3);
const values = {
  ACD_URL: `http://user:${password}@127.0.0.1:8090`,
  ACD_TOKEN: password,
  REDIS_URL: `redis://:${password}@127.0.0.1`,
};

it('[SEC-020] what is set is shown without the password that stands in an address', () => {
  const shown = stateLines(createDraft(values), { RESEND_API_KEY: password }).join('\n');
  expect(shown).toMatch(/ACD_URL=http:\/\/user:\[redacted:.*\]@127\.0\.0\.1:8090, ACD_TOKEN set$/m);
  expect(shown).toMatch(/Redis +REDIS_URL set$/m);
  expect(shown).toMatch(/Services +RESEND_API_KEY set in the environment$/m);
  expect(shown).not.toContain(password);
});

it('[SEC-020] a question shows what an empty answer keeps, and no password of it', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const talk = createConversation({ input, output });
  input.write('\n\n');
  const draft = createDraft(values);
  await askSetting(talk, draft, { name: 'ACD_URL', question: 'Where is it?' });
  await askSetting(talk, draft, { name: 'ACD_TOKEN', question: 'Its token?', secret: true });
  talk.close();
  output.end();
  const shown = await text(output);
  expect(shown).toMatch(/Where is it\?.*@127\.0\.0\.1:8090/);
  expect(shown).toContain('keep the one that is set');
  expect(shown).not.toContain(password);
});
