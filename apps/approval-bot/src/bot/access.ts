export interface Access {
  /** User ids that may give commands; nobody when empty. */
  approverIds: ReadonlySet<number>;
  /** The chat for alerts and cards, where commands are taken too. */
  chatId: number | undefined;
}
