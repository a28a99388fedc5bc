const whole =
  /^[\w!#$%&'*+/=?^`{|}~-]{1,64}(?:\.[\w!#$%&'*+/=?^`{|}~-]{1,64}){0,8}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/i;
const around = /[\s<>()[\]",;:“”«»]/;

/** Whether a text is one mail address, plain ASCII. */
export const isAddress = (text: string): boolean => text.length <= 254 && whole.test(text);

/** The mail addresses that a text names, each once, in lower case and in its order. */
export function addressesIn(text: string): string[] {
  const found = text
    .split(around)
    .filter((word) => word.includes('@'))
    .map((word) => bare(word).toLowerCase())
    .filter(isAddress);
  return [...new Set(found)];
}

/** A word without quotation marks and the punctuation of its sentence. */
export function bare(word: string): string {
  let [start, end] = [0, word.length];
  while (start < end && `"'<(\`‘“`.includes(word.charAt(start))) start += 1;
  while (end > start && `"'>).,;:!?\`’”`.includes(word.charAt(end - 1))) end -= 1;
  return word.slice(start, end);
}
