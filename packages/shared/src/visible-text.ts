// What draws nothing, or changes how others are drawn: controls, bidi and zero-width ones, fillers and spaces that are
// not the space, private use, lone surrogates, and marks that pile up over the lines around them.
const hidden =
  /(?![\n\t])(?:[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|(?<=\p{M}{4})\p{M})/gu;
// Parts of emoji where they stand as such: the selector behind a picture, the joiner between two.
const partOfEmoji =
  /(?<=\p{Extended_Pictographic})\uFE0F|(?<=\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)\u200D(?=\p{Extended_Pictographic})/uy;

/**
 * Text in which nothing is invisible: every character that hides, reverses or overlays others stands as `⟦U+202E⟧`.
 * Line breaks and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replaceAll(hidden, (character, offset: number) => {
    partOfEmoji.lastIndex = offset;
    return partOfEmoji.test(text) ? character : nameOf(character);
  });
}

/** `⟦U+202E⟧` for a character. */
export function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`;
}
