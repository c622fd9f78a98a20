/** What a webhook's signing secret looks like: Standard Webhooks, `whsec_` and 24 to 64 random bytes in Base64. */

const form = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

export const webhookSecretForm =
  '"whsec_" and 24 to 64 random bytes in Base64, such as: echo "whsec_$(openssl rand -base64 32)"';

export function isWebhookSecret(text: string): boolean {
  const encoded = form.exec(text)?.[1];
  if (encoded === undefined) return false;
  const bytes = Buffer.from(encoded, 'base64').length;
  return bytes >= 24 && bytes <= 64;
}
