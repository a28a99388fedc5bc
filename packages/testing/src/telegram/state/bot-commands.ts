import type { BotCommand } from 'grammy/types';

/** The command lists that clients show, by scope and language. */
export function createBotCommands() {
  const lists = new Map<string, BotCommand[]>();
  const key = (scope: unknown, language: string) =>
    `${JSON.stringify(scope ?? { type: 'default' })} ${language}`;
  return {
    set(scope: unknown, language: string, commands: BotCommand[]): void {
      lists.set(key(scope, language), commands);
    },
    get: (scope: unknown, language: string): BotCommand[] => lists.get(key(scope, language)) ?? [],
  };
}
