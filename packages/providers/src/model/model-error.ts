import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';
import type { ModelCost, Tokens } from './cost.ts';

/** Why no language model gave an answer, and what was spent all the same. */
export class ModelError extends ProviderError {
  readonly tokens: Tokens;
  readonly costMinor: ModelCost;

  constructor(
    kind: ProviderErrorKind,
    message: string,
    spent: { tokens: Tokens; costMinor: ModelCost },
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(kind, message, options);
    this.tokens = spent.tokens;
    this.costMinor = spent.costMinor;
  }
}
