import type { Submission } from "@conform-to/react";
import { useEffect, useState } from "react";
import type { z } from "zod";

type Validate<Schema extends z.ZodType> = (context: {
  formData: FormData;
}) => Submission<z.output<Schema>, string[]>;

/**
 * Conform's `onValidate` for a form, by the schema that the server has too. Zod and the schema are loaded when
 * somebody is about to fill the form in; until then, and without JavaScript, the server alone validates.
 * `control` names fields that steer the page and are no input. `load` must stay the same between renders.
 */
export function useFormValidation<Schema extends z.ZodType>(
  formId: string,
  load: () => Promise<Schema>,
  control = "",
): Validate<Schema> | undefined {
  const [validate, setValidate] = useState<Validate<Schema>>();
  useEffect(() => {
    const form = document.getElementById(formId);
    if (form === null) return;
    let isThere = true;
    const start = async () => {
      const [{ parseWithZod }, schema] = await Promise.all([import("@conform-to/zod/v4"), load()]);
      const check: Validate<Schema> = ({ formData }) => {
        for (const name of control.split(" ")) formData.delete(name);
        return parseWithZod(formData, { schema });
      };
      if (isThere) setValidate(() => check);
    };
    if (form.contains(document.activeElement)) void start();
    else form.addEventListener("focusin", start, { once: true });
    return () => {
      isThere = false;
      form.removeEventListener("focusin", start);
    };
  }, [formId, load, control]);
  return validate;
}
