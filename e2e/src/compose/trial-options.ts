import type { Engine } from './engine.ts';
import type { Report } from './report.ts';
import type { Stack } from './stack.ts';

export interface TrialOptions {
  engine: Engine;
  stack: Stack;
  /** Another plane, of which nothing is there yet. */
  openSecond: () => Promise<Stack>;
  report: Report;
  kills: number;
  restarts: number;
  seed: number;
  /** The versions of the images: that of before, and that of now. */
  before: string | undefined;
  now: string;
  folder: string;
  signal: AbortSignal;
}
