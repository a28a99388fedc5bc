/** An app of the plane: a process of its own, run from `entry`. */
export interface AppSpec {
  name: string;
  /** Relative to the repository root; what an operator sees in `ps`. */
  entry: string;
  /** Megabytes of V8's young generation (a semi-space); its default of 16 alone makes an idle app 25 MB larger. */
  semiSpace: number;
}

const app = (name: string, semiSpace: number): AppSpec => ({
  name,
  entry: `apps/${name}/src/main.ts`,
  semiSpace,
});

/** Every app that `npm start` runs. All start at once; each waits by itself for what it needs. */
export const apps: readonly AppSpec[] = [
  // Answers requests, so more of its garbage is young.
  app('gateway', 8),
  app('scheduler', 2),
  app('selftest-runner', 2),
  app('approval-bot', 2),
  // Batches of up to 4 MiB go through it.
  app('auditor', 4),
];
