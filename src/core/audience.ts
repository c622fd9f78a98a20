/** Whom a channel or a text reaches. What reaches customers is never sent without a person who says so. */

export const audiences = ['customers', 'staff'] as const;
export type Audience = (typeof audiences)[number];
