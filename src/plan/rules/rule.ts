/** A rule looks at a plan as far as it is right, and says what is wrong with it, and where. */
import type { Catalogue } from '../../catalogue/catalogue.js';
import type { DocumentPath } from '../../documents/read-document.js';
import type { CheckFile } from '../check-schema.js';
import { sourceOf, type CheckSource } from '../check-source.js';
import type { PlanDraft } from '../plan-draft.js';

export interface RuleContext {
  readonly draft: PlanDraft;
  /** Null when the plan names none, or it cannot be read. */
  readonly catalogue: Catalogue | null;
}

export interface Found {
  readonly path: DocumentPath;
  readonly message: string;
  readonly severity?: 'warning';
}

export type Rule = (context: RuleContext) => readonly Found[];

export interface SourcedCheck {
  readonly name: string;
  readonly check: CheckFile;
  readonly source: CheckSource;
}

/** Checks that can be read and whose source is there. */
export function sourcedChecks({ draft, catalogue }: RuleContext): SourcedCheck[] {
  return Object.entries(draft.checks).flatMap(([name, check]) => {
    const source = check === null ? null : sourceOf(check, catalogue, draft.flag?.environment ?? '');
    return check === null || source === null ? [] : [{ name, check, source }];
  });
}

export const watchNames = ({ watch }: PlanDraft): readonly string[] =>
  (watch?.checks ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.id));
