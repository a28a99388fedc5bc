import type { Command } from 'commander';
import type { RunningPlane } from './running-plane.ts';

/** What a command works with. */
export interface Cli {
  /** The repository root. */
  root: string;
  plane: RunningPlane;
  /** Writes a line to standard output. */
  say(line: string): void;
  /** Standard error, for what is no result. */
  err: NodeJS.WriteStream;
  /** Sets the exit code of a command that did its work and found something wrong; otherwise it is 0. */
  setExitCode(code: number): void;
}

/** Adds one command, or a group of them, to the program. */
export type AddCommand = (program: Command, cli: Cli) => void;

/** A command that cannot do its work. The message says why, and on further lines what to do about it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  /** Whether the words of the command line are wrong, so that --help helps. */
  readonly usage: boolean;

  constructor(message: string, options: ErrorOptions & { exitCode?: number; usage?: boolean } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 2;
    this.usage = options.usage ?? false;
  }
}
