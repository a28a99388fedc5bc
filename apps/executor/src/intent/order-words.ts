/**
 * Finds any of the words and phrases of a list, each as a word of its own, in any case.
 *
 * @param words parted by commas and line breaks; expressions with bounded repetitions
 */
export function anyOf(words: string): RegExp {
  const choices = words
    .trim()
    .split(/,?\s*\n\s*|,\s+/)
    .filter((word) => word !== '');
  const pattern = choices.join('|').replaceAll(' ', String.raw`\s{1,8}`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}\p{M}_])(?:${pattern})(?![\p{L}\p{N}\p{M}_])`, 'iu');
}

/** What denies or excludes, in a few languages. Whoever needs such a word writes one of the known sentences. */
export const negation = anyOf(`
  not, never, no, nobody, noone, none, nothing, nowhere, neither, nor, cannot, without, except, excluding, unless, instead, hardly, stop, avoid
  refuse, cancel, forget, skip, hold off, only if, [a-z]{2,8}n['’]t, dont, wont, cant, doesnt, shouldnt, mustnt
  nicht, nie, niemals, kein, keine, keinen, keinem, keiner, keines, niemand, niemanden, niemandem, nichts, ohne, außer, ausser, weder, statt, erst
  ne, n['’]\\p{L}{1,20}, pas, jamais, aucun, aucune, personne, rien, sans, sauf, ni
  nunca, jamás, nadie, nada, ningún, ninguno, ninguna, sin, tampoco, excepto, salvo
  non, mai, nessuno, nessuna, nessun, niente, nulla, senza, tranne, eccetto, né
  niet, nooit, geen, niets, zonder, behalve
  não, nao, ninguém, ninguem, nenhum, nenhuma, sem, exceto, nem
  nigdy, nikt, nikogo, nikomu, nic, żaden, żadna, żadnego, zaden, bez, oprócz, ani
  inte, ikke, icke, ej, не, нет, никогда`);

/** What tells of somebody else, of something past, or asks. */
export const told = `he, she, they, who, whom, what, why, how, where, which, whether, said, says, saying, told, tells, do you, did you, have you, are you, wants, wanted, asks, asked,
  thinks, wonder, wondering, yesterday, heard, imagine, suppose, for example`;
