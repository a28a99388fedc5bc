/** The steps of a self-test, in their order (SEC-002). */
export const stepNames = [
  'spin_up',
  'health_checks',
  'run_tests',
  'self_heal',
  'verify_fixes',
  'report',
] as const;
type StepName = (typeof stepNames)[number];

interface StepState {
  name: StepName;
  state: 'pending' | 'running' | 'done' | 'skipped';
  detail: string;
}

/** What a waiting caller sees: where the run is, and what became of each step so far. */
export interface Progress {
  step: StepName;
  detail: string;
  steps: StepState[];
}

export interface ProgressBoard {
  /** Called with every change. */
  running(step: StepName, detail: string): void;
  done(step: StepName, detail: string): void;
  skipped(step: StepName, detail: string): void;
}

/** Keeps the state of all steps and publishes each change. */
export function createProgressBoard(publish: (progress: Progress) => void): ProgressBoard {
  const steps = stepNames.map((name): StepState => ({ name, state: 'pending', detail: '' }));
  const change = (state: StepState['state']) => (step: StepName, detail: string) => {
    const found = steps.find(({ name }) => name === step);
    if (found) Object.assign(found, { state, detail });
    publish({ step, detail, steps: steps.map((entry) => ({ ...entry })) });
  };
  return { running: change('running'), done: change('done'), skipped: change('skipped') };
}
