import type { BotCommand } from 'grammy/types';
import { badRequest } from '../api/api-error.ts';
import { isRecord, jsonParam, textParam, type Params } from '../api/params.ts';
import type { Method } from './method.ts';

const maxCommands = 100;

export const setMyCommands: Method = ({ commands }, params) => {
  const list = jsonParam(params, 'commands', 'bot commands');
  if (!Array.isArray(list)) throw badRequest("can't parse commands: expected an Array of BotCommand");
  if (list.length > maxCommands) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  commands.set(scope(params), textParam(params, 'language_code') ?? '', list.map(readCommand));
  return true;
};

export const getMyCommands: Method = ({ commands }, params) =>
  commands.get(scope(params), textParam(params, 'language_code') ?? '');

export const deleteMyCommands: Method = ({ commands }, params) => {
  commands.set(scope(params), textParam(params, 'language_code') ?? '', []);
  return true;
};

function scope(params: Params): unknown {
  return jsonParam(params, 'scope', 'BotCommandScope');
}

function readCommand(entry: unknown): BotCommand {
  if (!isRecord(entry)) throw badRequest("can't parse BotCommand: expected an Object");
  const { command, description } = entry;
  if (typeof command !== 'string' || !/^\/?[a-z0-9_]{1,32}$/.test(command)) {
    throw badRequest('BOT_COMMAND_INVALID');
  }
  if (typeof description !== 'string' || description === '' || description.length > 256) {
    throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  return { command: command.replace(/^\//, ''), description };
}
