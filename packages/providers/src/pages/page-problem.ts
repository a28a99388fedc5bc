/** Why a page could not be read. The message is a few words for the person who asked; it quotes nothing of the page and no address. */
export class PageProblem extends Error {
  override readonly name = 'PageProblem';
}
