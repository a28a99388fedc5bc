import type { Logger } from './log.ts';

/** Says once for an outage, and not every few seconds, that something cannot be done. */
export interface OutageLog {
  failed(error: unknown): void;
  succeeded(): void;
}

export function createOutageLog(log: Logger, message: string): OutageLog {
  let out = false;
  return {
    failed(error) {
      log[out ? 'debug' : 'warn']({ err: error }, message);
      out = true;
    },
    succeeded() {
      out = false;
    },
  };
}
