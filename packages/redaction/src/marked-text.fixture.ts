/** A text in which what has to be taken out stands between `«` and `»`. */
export const withoutMarks = (marked: string): string => marked.replaceAll(/[«»]/g, '');

/** What comes out of it, with placeholders of a kind that leave out the fingerprint. */
export const asRedacted = (marked: string, kind: string): string =>
  marked.replaceAll(/«[^»]*»/g, `[redacted:${kind}]`);

/** A text that was redacted, with placeholders that leave out the fingerprint. */
export const withoutFingerprints = (text: string): string => text.replaceAll(/:[0-9a-f]{6}\]/g, ']');
