/** The task is not this executor's any more: cancelled by whoever asked, or taken up by another one. Nothing may follow. */
export class TaskLost extends Error {
  override readonly name = 'TaskLost';
  constructor() {
    super('the task is lost to this executor');
  }
}

/** The task goes on later, and no worker waits for it. */
export class TaskDelayed extends Error {
  override readonly name = 'TaskDelayed';
  readonly ms: number;
  constructor(ms: number, reason: string) {
    super(reason);
    this.ms = ms;
  }
}

/** For answers of the store that only say whether the task is still held. @throws TaskLost */
export function assertHeld(held: boolean): void {
  if (!held) throw new TaskLost();
}
