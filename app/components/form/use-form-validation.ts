import type { Submission } from "@conform-to/react";
import { useEffect, useState } from "react";
import type { z } from "zod";

type Validate<Schema extends z.ZodType> = (context: {
  formData: FormData;
}) => Submission<z.output<Schema>, string[]>;

/** Whether it is a control of that form. */
const isOfForm = (target: EventTarget | null, formId: string) =>
  target !== null && "form" in target && target.form instanceof HTMLFormElement && target.form.id === formId;

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
    let isThere = true;
    const start = async () => {
      const [{ parseWithZod }, schema] = await Promise.all([import("@conform-to/zod/v4"), load()]);
      const check: Validate<Schema> = ({ formData }) => {
        for (const name of control.split(" ")) formData.delete(name);
        return parseWithZod(formData, { schema });
      };
      if (isThere) setValidate(() => check);
    };
    // At the document, because a form of a dialog comes after this.
    const onFocus = ({ target }: Pick<Event, "target">) => {
      if (!isOfForm(target, formId)) return;
      document.removeEventListener("focusin", onFocus);
      // Where they are missing, as after a new version was started, the server goes on validating alone.
      start().catch(() => undefined);
    };
    document.addEventListener("focusin", onFocus);
    onFocus({ target: document.activeElement });
    return () => {
      isThere = false;
      document.removeEventListener("focusin", onFocus);
    };
  }, [formId, load, control]);
  return validate;
}
