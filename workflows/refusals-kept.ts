/** Refused attempts are part of an audit; past so many only their number is, or junk could fill the history. */
export const refusalsKept = 200;
