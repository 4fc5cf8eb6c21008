import type { LoaderFunctionArgs } from "@remix-run/node";
import { readApplicationLogo } from "~/domain/applications/application-logo.server";
import { isUuid } from "~/lib/ids";
import { getServices } from "~/services.server";

/** An application's logo. Its address names its content, so browsers keep it for ever; it is a picture and nothing else. */
export async function loader({ params }: LoaderFunctionArgs) {
  const { applicationId = "", digest = "" } = params;
  const services = await getServices();
  const isAddress = isUuid(applicationId) && /^[0-9a-f]{16}$/.test(digest);
  const logo = isAddress ? await readApplicationLogo({ applicationId, digest }, services) : null;
  if (logo === null) return new Response(null, { status: 404 });
  return new Response(new Uint8Array(logo.content), {
    headers: {
      "content-type": logo.contentType,
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
    },
  });
}
