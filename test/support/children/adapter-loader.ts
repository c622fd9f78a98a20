/** A loader hook: who imports `src/adapters/open.ts` gets the adapters with failpoints around them. */
import type { ResolveHook } from 'node:module';

const wrapper = new URL('./faulty-open.js', import.meta.url).href;

export const resolve: ResolveHook = async (specifier, context, next) => {
  const found = await next(specifier, context);
  const ours = context.parentURL?.startsWith(wrapper) === true;
  if (ours || !found.url.endsWith('/src/adapters/open.js')) return found;
  return { ...found, url: `${wrapper}?of=${encodeURIComponent(found.url)}` };
};
