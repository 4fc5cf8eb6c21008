import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { isAllowed } from "~/domain/users/permissions";
import { presentNavigation } from "~/features/navigation/navigation.presenter.server";
import { rememberedScope } from "~/features/navigation/scope-cookie.server";
import { scopePath } from "~/features/navigation/scope-path";
import { requireUser } from "~/http/require-user.server";

/** To the application that was open last, or to what comes before there is one. */
export async function loader({ request }: LoaderFunctionArgs) {
  const signedIn = await requireUser(request);
  const { lastScope } = await presentNavigation(signedIn, rememberedScope(request));
  if (lastScope) return redirect(scopePath(lastScope));
  return redirect(isAllowed(signedIn.role, "applications.write") ? "/applications/new" : "/applications");
}

/** There to make this a page, so that who may not see it is told so by one. */
export default function Home() {
  return null;
}
