import { fieldErrors } from "~/components/form/field-errors";
import { Field } from "~/components/ui/field";
import { PasswordInput } from "~/components/ui/password-input";

/** A password to be chosen; the rules are those of contracts/auth and of the server. */
export function NewPasswordField({
  id,
  name,
  errors,
  label = "New password",
}: {
  id: string;
  name: string;
  errors: readonly string[] | undefined;
  label?: string;
}) {
  return (
    <Field
      id={id}
      label={label}
      errors={fieldErrors("Password", errors)}
      hint="16 to 128 characters. A few random words are easy to type and hard to guess."
    >
      {(control) => <PasswordInput {...control} name={name} autoComplete="new-password" />}
    </Field>
  );
}

/** Whose password it is: password managers look for it beside the password. */
export function UsernameForManagers({ email }: { email: string }) {
  return <input type="text" autoComplete="username" value={email} readOnly hidden />;
}
