const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** The words that one written with digits and signs may stand for. */
export function plainLetters(word: string): readonly string[] {
  const plain = word.replaceAll(/[0-9@$!]/g, (sign) => letters[sign] ?? sign);
  return word.includes('1') || word.includes('!')
    ? [plain, word.replaceAll(/[1!]/g, 'l').replaceAll(/[0-9@$]/g, (sign) => letters[sign] ?? sign)]
    : [plain];
}
