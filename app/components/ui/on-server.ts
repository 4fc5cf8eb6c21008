/** What `load` gives, on the server, which has all code at once; null in a browser, which has yet to ask for it. */
export function onServer<Loaded>(load: () => Promise<Loaded>): { readonly current: Loaded | null } {
  const loaded: { current: Loaded | null } = { current: null };
  if (import.meta.env.SSR) {
    load().then((value) => {
      loaded.current = value;
    });
  }
  return loaded;
}
