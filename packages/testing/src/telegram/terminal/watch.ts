import type { ChatMessage } from '../state/messages.ts';
import type { TelegramServer } from '../server.ts';
import { renderMessage, type Happening } from './render.ts';

/** Prints messages as they come, change and go, the first poll of a bot, and calls that were refused. */
export function watchTelegram(telegram: TelegramServer, print: (text: string) => void): void {
  const shown = new Map<ChatMessage, { versions: number; deleted: boolean }>();
  let polled = false;
  let refused = 0;

  const showMessages = () => {
    for (const message of telegram.messages({ deleted: false })) {
      const before = shown.get(message);
      if (before?.versions === message.versions.length) continue;
      shown.set(message, { versions: message.versions.length, deleted: false });
      print(renderMessage(message, (before ? 'edited' : 'new') satisfies Happening));
    }
    for (const message of telegram.messages({ deleted: true })) {
      if (shown.get(message)?.deleted === true) continue;
      shown.set(message, { versions: message.versions.length, deleted: true });
      print(renderMessage(message, 'deleted'));
    }
  };
  const showCalls = () => {
    if (!polled && telegram.calls('getUpdates').length > 0) {
      polled = true;
      print('── the bot is polling');
    }
    const failed = telegram.calls().filter(({ outcome }) => outcome !== undefined && outcome !== 200);
    for (const { method, outcome } of failed.slice(refused)) print(`── ${method}: ${outcome}`);
    refused = failed.length;
  };
  telegram.onChange(() => {
    showMessages();
    showCalls();
  });
}
