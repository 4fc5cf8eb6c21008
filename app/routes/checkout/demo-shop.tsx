import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DemoShopPage } from "~/features/checkout/demo-shop-page";

export const meta: MetaFunction = () => [{ title: "Demo shop" }, { name: "robots", content: "noindex" }];

/** Where the documentation's example sends the customer: a real merchant's page would stand here. */
export async function loader({ params }: LoaderFunctionArgs) {
  if (params.result !== "success" && params.result !== "failure") throw new Response(null, { status: 404 });
  return { isPaid: params.result === "success" };
}

export default function DemoShop() {
  return <DemoShopPage {...useLoaderData<typeof loader>()} />;
}
