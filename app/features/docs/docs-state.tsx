import { createContext, type ReactNode, useContext, useState } from "react";

interface DocsState {
  /** The last chosen language of samples. */
  language: string;
  setLanguage(language: string): void;
  /** What the visitor pasted, until the page is left: it is stored nowhere. */
  credentials: { apiKey: string; accessToken: string };
  setCredential(kind: "apiKey" | "accessToken", value: string): void;
}

const Context = createContext<DocsState | null>(null);

/** What stays while a reader goes from page to page of the documentation. */
export function DocsStateProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState("curl");
  const [credentials, setCredentials] = useState({ apiKey: "", accessToken: "" });
  const setCredential: DocsState["setCredential"] = (kind, value) =>
    setCredentials((before) => ({ ...before, [kind]: value }));
  return (
    <Context.Provider value={{ language, setLanguage, credentials, setCredential }}>
      {children}
    </Context.Provider>
  );
}

export function useDocsState(): DocsState {
  const state = useContext(Context);
  if (state === null) throw new Error("only inside DocsStateProvider");
  return state;
}
