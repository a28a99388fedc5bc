/** The Bot API's limit for one message, in UTF-16 units after entities are parsed. */
export const maxMessageLength = 4_096;
