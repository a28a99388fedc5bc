import { redact } from '@actp/redaction/redact';
import { nameOf, visibleText } from '@actp/shared/visible-text';

const maxPath = 300;

/**
 * A path as people may read it: what breaks lines, hides or turns the direction of text stands as `⟦U+000A⟧`, so that no name of a
 * file can look like another one, or like a line of ours; secrets are taken out. At most 300 characters, and what was cut is said.
 */
export function shownPath(path: string): string {
  const shown = visibleText(redact(path)).replaceAll(/[\n\t]/g, nameOf);
  return shown.length <= maxPath
    ? shown
    : `${shown.slice(0, maxPath).toWellFormed()}... (${shown.length} characters)`;
}

/** The same within a list: in quotes where the end of the name would not be seen. */
export function listedPath(path: string): string {
  const shown = shownPath(path);
  return /[\s,;"()]/.test(shown) ? `"${shown.replaceAll('"', nameOf('"'))}"` : shown;
}
