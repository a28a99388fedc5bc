/** A body as JSON or as form fields, by its content type; undefined when it is neither. */
export function parseBody(contentType: string | undefined, text: string): unknown {
  if (text === '') return undefined;
  if (contentType?.startsWith('application/x-www-form-urlencoded') === true) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
