import type { FieldView, ParameterView } from "./operation-view";
import { InlineCode } from "./prose";

type Shown = Omit<FieldView, "fields"> & Partial<Pick<FieldView, "fields">>;

/** Fields or parameters, each with its type, its rules and what is inside. */
export function FieldList({ fields, isInput }: { fields: readonly Shown[]; isInput: boolean }) {
  return (
    <ul className="divide-y divide-border">
      {fields.map((field) => (
        <li key={field.name} className="min-w-0 py-2">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <code className="font-medium break-all">{field.name}</code>
            <span className="text-sm text-text-3">{field.type}</span>
            {isInput && field.isRequired ? <span className="text-sm text-danger">required</span> : null}
          </p>
          {field.description ? <p className="text-text-2">{codeIn(field.description)}</p> : null}
          {field.rules.length > 0 ? <p className="text-sm text-text-3">{field.rules.join("; ")}</p> : null}
          {field.fields && field.fields.length > 0 ? (
            <div className="mt-1 border-l-2 border-border pl-3">
              <FieldList fields={field.fields} isInput={isInput} />
            </div>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** Text with `code` in it. */
export function codeIn(text: string) {
  return text.split("`").map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
    index % 2 === 1 ? <InlineCode key={index}>{part}</InlineCode> : part,
  );
}

export const parametersIn = (parameters: readonly ParameterView[], place: ParameterView["in"]) =>
  parameters.filter((parameter) => parameter.in === place);
