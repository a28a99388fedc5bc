/** An app of the plane: a process of its own, run from `entry`. */
export interface AppSpec {
  name: string;
  /** Relative to the repository root; what an operator sees in `ps`. */
  entry: string;
}

/** Every app that `npm start` runs. All start at once; each waits by itself for what it needs. */
export const apps: readonly AppSpec[] = ['gateway', 'scheduler', 'selftest-runner', 'approval-bot'].map(
  (name) => ({ name, entry: `apps/${name}/src/main.ts` }),
);
