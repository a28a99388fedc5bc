import type { ScreenedText } from '@actp/policy/screening';
import { reasonsOf } from '@actp/screening/reasons';
import { screen, type Source } from '@actp/screening/screen';

/**
 * Screens the text that comes with a request. Text of unknown origin is judged as a tool's: who does not say that it is the
 * user's own gets no benefit of it.
 */
export function screenText(text: string | undefined, source: Source = 'tool'): ScreenedText | undefined {
  if (text === undefined) return undefined;
  const result = screen(text, { source });
  return { source, score: result.score, reasons: reasonsOf(result) };
}
