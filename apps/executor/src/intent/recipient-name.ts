const mostWords = 4;
// Initials and titles have a full stop of their own; any other ends a sentence.
const nameWord =
  /^(?:[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}]{0,39}(?:['’-][\p{L}\p{M}]{1,40}){0,3}|\p{Lu}\.|(?:dr|mr|mrs|ms|prof|st|jr|sr)\.)$/iu;
const capital = /^[\p{Lu}\p{Lt}\p{Lo}]/u;
const particle = /^(?:van|von|de|da|di|du|del|della|dos|das|der|den|ter|ten|zu|zur|la|le|el|al|bin|ibn)$/u;
// What excludes somebody, or names several. As the first or any other word of "<words> <address>" it is none of a name.
const noNames = new Set(
  `except excluding exclude excepting not no nor neither either or and but without with everyone everybody every each all any anyone anybody
  someone somebody nobody none noone unless if when instead only than then both other others another also plus besides avoid skip never
  don't dont if cc bcc to from for by of via if maybe perhaps whoever whom who that which the a an my our your his her their its this these
  those stop forget ignore minus save just even about nicht kein keine keinen keinem nie niemand niemanden außer ausser ohne statt und oder aber
  alle allen jeder jeden nur sauf excepté sans pas et ou mais tous toutes tout personne jamais seulement excepto salvo menos sin y o e u
  pero todos todas nadie nunca solo tranne eccetto senza non ma tutti tutte nessuno mai niet geen behalve zonder en maar iedereen niemand
  exceto sem não nao mas ninguém ninguem nie oprócz bez i lub albo ale wszyscy nikt`.split(/\s+/),
);

/** Whether the words before `<address>` can be the name of one person: "Ann", "Dr. Ann van Dyke", "Ann O'Neil", with or without quotation marks. */
export function isPersonName(text: string): boolean {
  const words = withoutMarks(text.trim()).split(/\s+/);
  return (
    words.length <= mostWords &&
    words.every((word) => nameWord.test(word) && !noNames.has(word.toLowerCase().replaceAll('’', "'"))) &&
    // In lower case several words are a phrase: "the man next door".
    (words.length === 1 || words.every((word) => capital.test(word) || particle.test(word)))
  );
}

const marks = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['„', '“'],
  ['‘', '’'],
]);

function withoutMarks(text: string): string {
  const close = marks.get(text.charAt(0));
  return close !== undefined && text.length > 2 && text.endsWith(close) ? text.slice(1, -1).trim() : text;
}
