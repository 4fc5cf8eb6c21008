import { useSearchParams } from "@remix-run/react";

/** Keeps the other search parameters in a GET form, which would otherwise drop them. */
export function HiddenParams({ except }: { except: readonly string[] }) {
  const [params] = useSearchParams();
  return (
    <>
      {[...params.entries()]
        .filter(([name]) => !except.includes(name))
        .map(([name, value]) => (
          <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
        ))}
    </>
  );
}
