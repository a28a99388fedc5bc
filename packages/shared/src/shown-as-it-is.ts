// Controls, format characters (marks of direction, zero-width ones, tags), lone surrogates, separators of lines, fillers that draw
// nothing. Selectors of a form (U+FE00 to U+FE0F) belong to emoji.
const hidden =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u2800]|(?![\uFE00-\uFE0F])\p{Default_Ignorable_Code_Point}/u;
// Joiners that spelling needs: between the pictures of an emoji, and in scripts whose letters join.
const neededJoiners =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})|(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Khmer}])[\u200C\u200D]/gu;

/**
 * Whether people who read a text see all of it, as it is: no character in it is invisible, or changes how those around it are shown. Line
 * breaks and tabs are no such characters.
 */
export const isShownAsItIs = (text: string): boolean => !hidden.test(text.replaceAll(neededJoiners, ''));
