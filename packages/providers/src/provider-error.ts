/**
 * Why a service outside that is only read (search, prices, a language model) gave nothing to go on with. The message is for the person
 * who asked: it names the service and what to do, and no address and no key.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  /** How long the service wants to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ProviderErrorKind,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export type ProviderErrorKind =
  /** No key, or one that the service does not take. */
  | 'not_configured'
  /** The request itself was refused; asking again is in vain. */
  | 'refused'
  /** Too many requests, or the quota of the day or month is used up. */
  | 'limited'
  /** No answer, a timeout, or a fault of the service. */
  | 'unavailable'
  /** An answer that cannot be read: truncated, of another type, too large, without what it must have. */
  | 'unreadable';
