/** The Redis channel on which the id of a changed task is published. A hint: whoever hears it asks the database. */
export const taskChannel = 'actp:tasks';
