import { useNavigation } from "@remix-run/react";
import { Button, type ButtonProps } from "~/components/ui/button";

export type SubmitButtonProps = ButtonProps & {
  /** Hidden fields that tell this form from the page's others; pending only while they are what was sent. */
  match?: Readonly<Record<string, string>>;
};

/** Sends its form, and shows that it is under way. */
export function SubmitButton({ match = {}, ...rest }: SubmitButtonProps) {
  const navigation = useNavigation();
  const sent = navigation.formMethod === "POST" ? navigation.formData : undefined;
  const pending =
    sent !== undefined && Object.entries(match).every(([name, value]) => sent.get(name) === value);
  return <Button type="submit" pending={pending} {...rest} />;
}

/** The same fields, hidden in the form. */
export function HiddenFields({ values }: { values: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}
