import type { CSSProperties, ReactNode } from "react";
import { BrandMark } from "~/components/layout/brand";
import { useNonce } from "~/components/nonce";
import { Button } from "~/components/ui/button";
import { FlaskConical, Globe, ShoppingBag } from "~/components/ui/icons";
import { Select } from "~/components/ui/select";
import { languages } from "~/contracts/checkout-languages";
import type { CheckoutView } from "./checkout.presenter.server";
import type { AmountPart } from "./checkout-format";
import checkoutScript from "./checkout-script.js?raw";
import { fill } from "./messages";

/** Larger than the dashboard: customers see it once, mostly on a phone. */
const roomy = {
  "--control-h": "40px",
  "--text-base": "15px",
  "--leading-base": "22px",
  "--text-sm": "13px",
  "--leading-sm": "18px",
};

const defaultAccent = { light: "#0f5a48", dark: "#1d7a62" };

/** The amber band over every test page. */
export function TestBar({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="bg-test-bg text-test-fg">
      <p className="flex min-h-testbar flex-wrap items-center justify-center gap-x-2 px-4 py-1 text-center text-sm">
        <FlaskConical />
        <strong>{title}</strong>
        <span>{children}</span>
      </p>
    </section>
  );
}

/** Sizes and colours of the customer's pages, and their centred column. */
export function CheckoutFrame({
  language,
  accent,
  bar,
  children,
}: {
  language: string;
  accent?: CheckoutView["accent"];
  bar: ReactNode;
  children: ReactNode;
}) {
  const { light, dark } = accent ?? defaultAccent;
  const colours = { "--merchant": `light-dark(${light}, ${dark})`, "--on-merchant": "#ffffff" };
  return (
    <div lang={language} style={{ ...roomy, ...colours } as CSSProperties} className="min-h-dvh text-base">
      {bar}
      <div className="mx-auto max-w-[880px] px-4 pb-8 md:pt-8">{children}</div>
    </div>
  );
}

/** Test band, merchant's head, the page, and the foot with the language. */
export function CheckoutShell({
  view,
  action,
  children,
}: {
  view: CheckoutView;
  /** At the end of the head. */
  action?: ReactNode;
  children: ReactNode;
}) {
  const { messages: text } = view;
  return (
    <CheckoutFrame
      language={view.language}
      accent={view.accent}
      bar={view.isTest ? <TestBar title={text.testMode}>{text.noCharge}</TestBar> : null}
    >
      <header className="flex items-center gap-3 py-4">
        {view.logoUrl === null ? (
          <span
            aria-hidden="true"
            className="grid size-9 flex-none place-items-center rounded-lg bg-[var(--merchant)] text-[var(--on-merchant)]"
          >
            <ShoppingBag />
          </span>
        ) : (
          <img
            src={view.logoUrl}
            alt=""
            width={36}
            height={36}
            className="size-9 flex-none rounded-lg border border-border bg-surface object-contain"
          />
        )}
        <p className="min-w-0 flex-1 font-bold break-words">{view.merchantName}</p>
        {action}
      </header>
      {children}
      <CheckoutFoot view={view} />
      <script
        nonce={useNonce()}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: our own file, which the build puts here
        dangerouslySetInnerHTML={{ __html: checkoutScript }}
      />
    </CheckoutFrame>
  );
}

function CheckoutFoot({ view }: { view: CheckoutView }) {
  const { messages: text } = view;
  return (
    <footer className="flex flex-wrap items-center justify-between gap-x-5 gap-y-3 py-4 text-sm text-text-2 md:justify-start">
      {view.email === null ? null : (
        <p className="break-all max-md:basis-full">{fill(text.payingAs, { email: view.email })}</p>
      )}
      <form method="get" className="flex items-center gap-2">
        <label htmlFor="lang" className="flex">
          <Globe />
          <span className="sr-only">{text.language}</span>
        </label>
        <Select id="lang" name="lang" defaultValue={view.language} className="w-auto">
          {languages.map(({ code, name }) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </Select>
        <noscript>
          <Button type="submit">{text.change}</Button>
        </noscript>
      </form>
      {view.support ? (
        <p className="break-words">
          {text.questions}{" "}
          <a href={view.support.href} className="text-text underline underline-offset-2">
            {view.support.label}
          </a>
        </p>
      ) : null}
      <p className="flex items-center gap-2 md:ml-auto">
        {text.paymentBy} <BrandMark className="size-4 text-text" /> Kadosei
      </p>
    </footer>
  );
}

/** A large amount: the currency's code small beside the digits. */
export function LargeAmount({ parts }: { parts: AmountPart[] }) {
  return (
    <span className="block text-[34px] leading-[42px] font-bold tracking-[-0.02em] break-words">
      {parts.map(({ kind, text }, index) => (
        <span
          key={kind}
          className={kind === "currency" ? "text-[18px] font-normal tracking-normal text-text-3" : undefined}
        >
          {index > 0 ? " " : null}
          {text}
        </span>
      ))}
    </span>
  );
}

/** The card that holds order and payment, beside each other where there is room. */
export function CheckoutPanel({ children }: { children: ReactNode }) {
  return (
    <main
      id="main"
      className="grid overflow-hidden rounded-xl border border-border bg-surface md:grid-cols-2 [&>*]:min-w-0 [&>*]:p-5 md:[&>*]:p-6 [&>*+*]:border-t [&>*+*]:border-border md:[&>*+*]:border-t-0 md:[&>*+*]:border-l"
    >
      {children}
    </main>
  );
}
