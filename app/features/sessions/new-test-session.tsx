import { Form, useNavigation } from "@remix-run/react";
import { Button } from "~/components/ui/button";
import { Plus } from "~/components/ui/icons";

/** Makes a payment session in test mode, as a merchant's server would, and opens its page. */
export function NewTestSession({
  applicationId,
  variant = "primary",
}: {
  applicationId: string;
  variant?: "primary" | "secondary";
}) {
  const action = `/apps/${applicationId}/test/sessions`;
  const navigation = useNavigation();
  const pending =
    navigation.formAction === action && navigation.formData?.get("intent") === "create-test-session";
  return (
    <Form method="post" action={action} className="flex">
      <input type="hidden" name="intent" value="create-test-session" />
      <Button type="submit" variant={variant} pending={pending} className="max-sm:w-full">
        <Plus /> New test session
      </Button>
    </Form>
  );
}
