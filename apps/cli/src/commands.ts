import type { AddCommand } from './command.ts';
import { approvals } from './commands/approvals/approvals.ts';
import { audit } from './commands/audit-verify.ts';
import { backup } from './commands/backup/backup.ts';
import { doctor } from './commands/doctor/doctor.ts';
import { evaluate } from './commands/evaluate/evaluate.ts';
import { policy } from './commands/policy/policy.ts';
import { reload } from './commands/reload/reload.ts';
import { restore } from './commands/restore/restore.ts';
import { review } from './commands/review/review.ts';
import { sbom } from './commands/sbom/sbom.ts';
import { service } from './commands/service/service.ts';
import { setup } from './commands/setup/setup.ts';
import { stores } from './commands/stores.ts';
import { train } from './commands/train.ts';

/** Every command, in the order of `npm run cli -- --help`. */
export const commands: readonly AddCommand[] = [
  doctor,
  setup,
  approvals,
  policy,
  audit,
  backup,
  restore,
  service,
  review,
  sbom,
  stores,
  reload,
  evaluate,
  train,
];
