import type { Db } from '@actp/db/client';
import { takeLease, type TakenLease } from '@actp/services/leases/take';

// A self-test that finds it with a killed worker waits this long at most.
const suitesSeconds = 20;

/**
 * The right to begin running suites: a heal has it while its tests run, a self-test while it begins. In one checkout, two
 * runs of the same tests would disturb each other.
 */
export const takeSuites = (db: Db): Promise<TakenLease | null> => takeLease(db, 'suites', suitesSeconds);
