import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { setApplicationLogo } from "~/domain/applications/application-logo.server";
import { presentApplication } from "~/features/applications/applications.presenter.server";
import { formText, pageNotFound, refusalMessage } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireUser } from "~/http/require-user.server";
import { isAppError } from "~/lib/errors";
import { isUuid } from "~/lib/ids";

/** There is nothing to see here: the settings page has it. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const applicationId = params.applicationId ?? "";
  const view = isUuid(applicationId) ? await presentApplication(actor, applicationId, services) : null;
  if (view === null) throw pageNotFound(request);
  return redirect(`/applications/${applicationId}`);
}

/** The only form that sends a file (http-app.server.ts). Whatever becomes of it is told by the settings page. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const applicationId = params.applicationId ?? "";
  if (!isUuid(applicationId)) throw pageNotFound(request);
  const here = `/applications/${applicationId}`;
  const refuse = (problem: string) => redirect(`${here}?logo=${encodeURIComponent(problem)}#checkout`);
  // What says that it is multipart and is not cannot be read.
  const form = await request.formData().catch(() => null);
  if (form === null) return refuse("logo must be sent whole");
  const isRemoval = formText(form, "intent") === "remove-logo";
  const file = form.get("logo");
  if (!isRemoval && (!(file instanceof File) || file.size === 0)) return refuse("logo must be chosen first");
  const content = !isRemoval && file instanceof File ? new Uint8Array(await file.arrayBuffer()) : null;
  try {
    await setApplicationLogo(actor, { applicationId, content }, services);
  } catch (error) {
    if (isAppError(error, "NOT_FOUND")) throw pageNotFound(request);
    return refuse(refusalMessage(error));
  }
  return redirectWithNotice(`${here}#checkout`, isRemoval ? "The logo is removed" : "The logo is saved");
}
