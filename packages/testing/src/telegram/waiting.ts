import type { Signal } from './state/signal.ts';

export interface WaitOptions {
  /** Milliseconds until the wait fails. */
  within: number;
  /** What is waited for, for the message of the failure. */
  what: () => string;
}

/**
 * Looks at every change until `look` finds something.
 *
 * @throws Error saying what was waited for, when the deadline passes or waiting is over
 */
export function waitUntil<T>(
  changed: Signal,
  ended: AbortSignal,
  look: () => T | undefined,
  { within, what }: WaitOptions,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      unsubscribe();
      ended.removeEventListener('abort', giveUp);
    };
    const tryNow = () => {
      const found = look();
      if (found === undefined) return;
      finish();
      resolve(found);
    };
    const giveUp = () => {
      finish();
      reject(new Error(`After ${within} ms there is still no ${what()}`));
    };
    const timer = setTimeout(giveUp, within);
    const unsubscribe = changed.subscribe(tryNow);
    ended.addEventListener('abort', giveUp);
    tryNow();
  });
}
