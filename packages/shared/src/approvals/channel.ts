/** The Redis channel on which the id of a changed approval is published. A hint: whoever hears it asks the database. */
export const approvalChannel = 'actp:approvals';
