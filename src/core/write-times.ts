/** How long a flag write may take: what timeouts stand on, and rollbacks in a store where a late flip could still land. */

/** Of a flip or a claim, from its start to its end, as Temporal counts it. */
export const longestFlipMs = 5_000;

/** A store gives up before its caller does: what it sends later could land after a rollback that was proven meanwhile. */
export const longestStepMs = longestFlipMs - 1_000;
