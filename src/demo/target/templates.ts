/** The templates a report starts from. */

export interface Template {
  readonly id: string;
  readonly title: string;
  readonly sections: readonly string[];
}

export const templates: readonly Template[] = [
  { id: 'daily', title: 'Daily summary', sections: ['What happened', 'What is next'] },
  { id: 'incident', title: 'Incident report', sections: ['Impact', 'Timeline', 'Root cause', 'Actions'] },
  { id: 'inspection', title: 'Inspection', sections: ['Place', 'Findings', 'Signature'] },
];

export const findTemplate = (id: string): Template | undefined => templates.find((template) => template.id === id);
