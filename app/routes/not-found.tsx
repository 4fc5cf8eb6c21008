import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { pageNotFound } from "~/http/form.server";

/** Every address that no other route has: root's error page says so. */
export function loader({ request }: LoaderFunctionArgs): never {
  throw pageNotFound(request);
}

export function action({ request }: ActionFunctionArgs): never {
  throw pageNotFound(request);
}

/** Never drawn; without a component this would be a resource route, which has no error page. */
export default function NotFound() {
  return null;
}
