import type { Logger } from '@actp/shared/log';

/** Says once for an outage, and not every few seconds, that something cannot be done. */
export interface OutageLog {
  failed(error: unknown): void;
  fine(): void;
}

export function createOutageLog(log: Logger, message: string): OutageLog {
  let out = false;
  return {
    failed(error) {
      log[out ? 'debug' : 'warn']({ err: error }, message);
      out = true;
    },
    fine() {
      out = false;
    },
  };
}
