import type { PaymentProvider } from '@actp/providers/payment-provider';
import type { Db } from '@actp/db/client';
import { payLedger } from '@actp/services/tasks/pay-ledger';
import { UnavailableError } from '@actp/shared/errors';

const yearSeconds = 31_536_000;

/** Payments that are only recorded, in the plane's own database, which keeps a key for ever. */
export function createLedger(db: Db): PaymentProvider {
  return {
    name: 'ledger',
    keyKeptSeconds: yearSeconds,
    async pay(payment, key) {
      try {
        const id = await payLedger(db, key, payment);
        return id === undefined
          ? { state: 'not_done', reason: 'the payment was not released' }
          : { state: 'done', reference: id, facts: { ...payment } };
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        return { state: 'unknown', reason: 'the ledger did not answer', again: true };
      }
    },
  };
}
