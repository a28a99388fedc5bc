import { keyProblem, senderProblem } from '@actp/services/doctor/outside-services';
import { askSetting, type SettingQuestion } from './ask-setting.ts';
import type { Conversation } from './conversation.ts';
import type { Draft } from './draft.ts';

const key = (name: SettingQuestion['name'], question: string): SettingQuestion => ({
  name,
  question,
  secret: true,
  problem: keyProblem,
});

const questions: readonly SettingQuestion[] = [
  key('BRAVE_API_KEY', 'Brave Search key (web search)'),
  key('GROQ_API_KEY', 'Groq key (language model)'),
  key('GEMINI_API_KEY', 'Gemini key (language model)'),
  key('RESEND_API_KEY', 'Resend key (e-mail)'),
  {
    name: 'RESEND_FROM',
    question: 'Who sends e-mail: an address, or Name <address>, of a domain that Resend has verified',
    problem: senderProblem,
  },
  key('COINGECKO_API_KEY', 'CoinGecko key (prices)'),
];

/** Keys of the services that tasks use. Their form is looked at; calls would cost. */
export async function setUpServices(talk: Conversation, draft: Draft): Promise<void> {
  talk.say(
    'Services for tasks: web search, language model, e-mail, prices. Keys are not tried, since calls cost.',
  );
  if (!(await talk.confirm('Set their keys?', false))) return;
  for (const question of questions) await askSetting(talk, draft, question);
}
