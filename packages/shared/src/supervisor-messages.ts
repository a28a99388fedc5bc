/* What an app and the supervisor that runs it tell each other over their channel, beside heartbeats. */

/** From the app: it has started and does its work. */
export const startedMessage = 'started';

/** To the app: another process takes its place; take nothing new and finish what is under way. */
export const drainMessage = 'drain';

/** From the app: nothing is under way any more, or all the time for it has passed. */
export const drainedMessage = 'drained';
