import { expect, it } from 'vitest';
import { commandEntities } from './command-entities.ts';

it('marks commands as clients do: at the start or after white space, with or without the bot', () => {
  expect(commandEntities('/status')).toEqual([{ type: 'bot_command', offset: 0, length: 7 }]);
  expect(commandEntities('see /help@actp_test_bot now')).toEqual([
    { type: 'bot_command', offset: 4, length: 19 },
  ]);
  expect(commandEntities('a/b and /a-b and / alone')).toEqual([]);
});
