import { parseArgs } from 'node:util';
import { FaultKind } from '@actp/testing/outside/faults';

const services = ['brave', 'groq', 'gemini', 'resend', 'coingecko', 'stripe'] as const;
type ServiceName = (typeof services)[number];

export interface Options {
  real: boolean;
  payments: 'ledger' | 'stripe';
  fault: { service: ServiceName; kind: FaultKind } | undefined;
}

/** A word that the program does not take. */
export class OptionError extends Error {
  override name = 'OptionError';
}

/** What scripts/e2e.mjs has let through. @throws OptionError naming what is wrong with a fault */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { real: { type: 'string' }, payments: { type: 'string' }, fault: { type: 'string' } },
  });
  return {
    real: values.real !== undefined,
    payments: values.payments === 'stripe' ? 'stripe' : 'ledger',
    fault: values.fault === undefined ? undefined : readFault(values.fault),
  };
}

function readFault(text: string): Options['fault'] {
  const [name, word] = text.split(':');
  const service = services.find((known) => known === name);
  if (service === undefined)
    throw new OptionError(`--fault ${text}: the service has to be one of ${services.join(', ')}`);
  const kind = FaultKind.safeParse(word);
  if (kind.success) return { service, kind: kind.data };
  throw new OptionError(`--fault ${text}: the kind has to be one of ${FaultKind.options.join(', ')}`);
}
