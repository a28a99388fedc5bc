import type { Command } from 'commander';
import type { RunningPlane } from './running-plane.ts';

/** What a command works with. */
export interface Cli {
  /** The repository root. */
  root: string;
  /** The environment variables of the process. */
  environment: Record<string, string | undefined>;
  plane: RunningPlane;
  /** Standard input and output, for what is a conversation. */
  input: NodeJS.ReadStream;
  out: NodeJS.WriteStream;
  /** Writes a line to standard output. */
  say(line: string): void;
  /** Standard error, for what is no result. */
  err: NodeJS.WriteStream;
  /** Sets the exit code of a command that did its work and found something wrong; otherwise it is 0. */
  setExitCode(code: number): void;
}

/** Adds one command, or a group of them, to the program. */
export type AddCommand = (program: Command, cli: Cli) => void;
