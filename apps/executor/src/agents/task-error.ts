/** Why a task ends without what was asked for. The message is for the person who asked: what went wrong and what helps, no secret. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  /** A short word for programs, for instance `price_moved`. */
  readonly code: string;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
