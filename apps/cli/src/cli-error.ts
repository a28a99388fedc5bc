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
