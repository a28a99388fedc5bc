const plain = /^[\w@%+=:,./-]+$/;

/** A text as one word of a shell command: as it is where that is enough, otherwise in quotes. */
export const shellWord = (text: string): string =>
  plain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
