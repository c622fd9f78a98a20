/** A checked template, and one part of its text. */
import type { Liquid, Template as LiquidTemplate } from 'liquidjs';
import type { Audience } from '../core/audience.js';
import type { Medium, Moment } from '../core/notice.js';
import type { Place } from '../documents/read-document.js';
import type { FactName } from './facts.js';
import type { FieldName } from './template-fields.js';
import type { GivenBy } from './template-schema.js';

export interface Template {
  /** File name without its ending. */
  readonly name: string;
  readonly file: string;
  /** Of its medium. */
  readonly place: Place;
  readonly title: string;
  readonly moment: Moment;
  readonly medium: Medium;
  readonly audience: Audience;
  readonly fields: Readonly<Partial<Record<FieldName, GivenBy>>>;
  /** Each fact it shows, and where first. */
  readonly facts: Readonly<Partial<Record<FactName, Place>>>;
  readonly liquid: Liquid;
  readonly subject: readonly LiquidTemplate[] | null;
  readonly body: readonly LiquidTemplate[];
}
