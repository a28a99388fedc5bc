/* What a shell reads otherwise than it looks, and what to write instead. */

const escaped = /\\([\\"$`])/g;

/** What a shell makes of the text inside double quotes, once `doubleQuotedFault` has nothing against it. */
export const withoutEscapes = (text: string): string => text.replaceAll(escaped, '$1');

/** Why a value without quotes cannot be used. @param exported behind `export`, where shells expand more */
export function bareFault(text: string, exported: boolean): string | undefined {
  const what = expanded(text) ?? (exported && /[*?[\]{}]/.test(text) ? 'a wildcard or brace' : undefined);
  if (what === undefined) return undefined;
  return `has ${what}, which a shell reads otherwise; put the whole value in ${quotesFor(text)}`;
}

function expanded(text: string): string | undefined {
  if (/\p{Cc}/u.test(text.replaceAll('\t', ' '))) return 'a control character';
  if (/\s/.test(text)) return 'a blank';
  if (/['"]/.test(text)) return 'a quote inside';
  if (/[$`]/.test(text)) return 'a $ or `';
  if (text.includes('\\')) return 'a backslash';
  if (/[;&|<>()]/.test(text)) return 'one of ; & | < > ( )';
  if (/(?:^|[:=])~/.test(text)) return 'a ~';
  return undefined;
}

// Everything can be written in one of the two.
function quotesFor(text: string): string {
  return text.includes("'") ? 'double quotes, with a backslash before each of \\ " $ `' : 'single quotes';
}

/** Why the text inside double quotes cannot be used. */
export function doubleQuotedFault(text: string): string | undefined {
  const rest = text.replaceAll(escaped, '');
  if (/[$`]/.test(rest)) {
    return 'has a $ or ` in double quotes, which a shell expands; put the value in single quotes, or a backslash before it';
  }
  // Other readers of such files make a line end of it.
  if (/\\[n\n]/.test(rest)) {
    return 'has \\n or a backslash at the end of a line in double quotes; write a line end as it is, and a backslash as \\\\';
  }
  return undefined;
}

/** Why a value cannot be used, however it is written. */
export function valueFault(value: string): string | undefined {
  if (/\p{Cc}/u.test(value.replaceAll(/[\t\n]/g, ' '))) return 'has a control character';
  // The settings are read without them, from wherever they come.
  if (value !== value.trim()) return 'begins or ends with a blank, which does not count; remove it';
  return undefined;
}
