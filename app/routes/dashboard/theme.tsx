import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { formText } from "~/http/form.server";
import { safeReturnTo } from "~/http/return-to";

const YEAR_S = 365 * 24 * 3600;

export function loader() {
  return redirect("/");
}

/** Keeps the choice of light or dark in a cookie and goes back. Anything else forgets the choice. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData();
  const theme = formText(form, "theme");
  const isTheme = theme === "light" || theme === "dark";
  const cookie = isTheme ? `theme=${theme}; Max-Age=${YEAR_S}` : "theme=; Max-Age=0";
  return redirect(returnTo(form), { headers: { "set-cookie": `${cookie}; Path=/; SameSite=Lax; HttpOnly` } });
}

/** The sign-in page switches too, and is no place to return to otherwise. */
function returnTo(form: FormData): string {
  const value = formText(form, "returnTo");
  return /^\/sign-in(\?|$)/.test(value) ? "/sign-in" : safeReturnTo(value);
}
