/** Something that keeps a part from starting. The message says what is wrong and, on its last line, what to do about it. */
export class StartupError extends Error {
  override readonly name = 'StartupError';

  constructor(problem: string, remedy: string, options: ErrorOptions = {}) {
    super(`${problem}\n${remedy}`, options);
  }
}
