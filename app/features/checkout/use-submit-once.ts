import { type FormEvent, useEffect, useState } from "react";

/**
 * Keeps a form from being sent twice. For plain forms: they reload the document, so that redirects
 * to other origins work with and without JavaScript.
 */
export function useSubmitOnce() {
  const [isSubmitting, setSubmitting] = useState(false);
  useEffect(() => {
    // The browser's back button brings the page back as it was left: sending.
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) setSubmitting(false);
    };
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, []);
  const onSubmit = (event: FormEvent) => {
    if (isSubmitting) event.preventDefault();
    else setSubmitting(true);
  };
  return { isSubmitting, onSubmit };
}
