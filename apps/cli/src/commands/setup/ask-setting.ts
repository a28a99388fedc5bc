import { redact } from '@actp/redaction/redact';
import type { Conversation } from './conversation.ts';
import { settingProblem, type Draft, type SettingName } from './draft.ts';

export interface SettingQuestion {
  name: SettingName;
  question: string;
  /** Not shown, neither what is typed nor what is set. */
  secret?: boolean;
  /** Further rules than those of the setting. */
  problem?: (text: string) => string | undefined;
}

/**
 * Asks for one setting: Enter keeps it as it is, `-` removes it.
 *
 * @returns whether something was typed
 */
export async function askSetting(
  talk: Conversation,
  draft: Draft,
  { name, question, secret = false, problem }: SettingQuestion,
): Promise<boolean> {
  for (;;) {
    const now = draft.get(name);
    const shown = now === undefined ? 'skip' : secret ? 'keep the one that is set' : redact(now);
    const answer = await (secret ? talk.askSecret(question, shown) : talk.ask(question, shown));
    if (answer === '') return false;
    if (answer === '-') {
      draft.set(name, null);
      return true;
    }
    const wrong = settingProblem(name, answer) ?? problem?.(answer);
    if (wrong === undefined) {
      draft.set(name, answer);
      return true;
    }
    talk.say(`  ${name} ${wrong}.`);
  }
}
