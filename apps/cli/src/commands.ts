import type { AddCommand } from './command.ts';

/** Loads a command. */
export type LoadCommand = () => Promise<AddCommand>;

/**
 * Every command, in the order of `npm run cli -- --help`. Each is loaded only when it is named: together they take several times as
 * long to load as most of them take to run.
 */
export const commands: Readonly<Record<string, LoadCommand>> = {
  doctor: async () => (await import('./commands/doctor/doctor.ts')).doctor,
  setup: async () => (await import('./commands/setup/setup.ts')).setup,
  approvals: async () => (await import('./commands/approvals/approvals.ts')).approvals,
  policy: async () => (await import('./commands/policy/policy.ts')).policy,
  audit: async () => (await import('./commands/audit-verify.ts')).audit,
  backup: async () => (await import('./commands/backup/backup.ts')).backup,
  restore: async () => (await import('./commands/restore/restore.ts')).restore,
  service: async () => (await import('./commands/service/service.ts')).service,
  review: async () => (await import('./commands/review/review.ts')).review,
  sbom: async () => (await import('./commands/sbom/sbom.ts')).sbom,
  stores: async () => (await import('./commands/stores.ts')).stores,
  reload: async () => (await import('./commands/reload/reload.ts')).reload,
  evaluate: async () => (await import('./commands/evaluate/evaluate.ts')).evaluate,
  train: async () => (await import('./commands/train.ts')).train,
};
