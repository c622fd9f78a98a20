/** What a browser's page has, as far as it is used here. */

interface Page {
  readonly document?: {
    getElementById(id: string): { readonly textContent: string | null } | null;
    readonly currentScript: { readonly dataset: Readonly<Record<string, string | undefined>> } | null;
  };
  /** Throws where it is blocked, and is not there outside of browsers. */
  readonly localStorage: Record<string, string>;
  readonly __FLAGS__?: object;
  addEventListener?(name: string, listener: () => void): void;
}

export const page = globalThis as unknown as Page;
