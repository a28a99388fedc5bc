/** What a key for Standard Webhooks looks like, in the words of a message about a setting. */
export const webhookSecretForm = 'whsec_ and at least 24 bytes in base64';
