/** Up to this a text is worked on at once: to wait for a turn would cost more than the work. */
export const smallBytes = 32_768;
/** Up to this it is worked on in a turn of its own; what is larger goes to a thread, and needs a place. */
export const largeBytes = 131_072;
